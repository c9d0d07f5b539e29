import { readyToExit } from '../util/before-exit.ts';

/**
 * Ends the process after everything printed has left. The only place that does, with `main.ts`.
 * @param statementMs longest wait for a statement of the local engine that is still running
 */
export async function exitProcess(code: number, statementMs = 15_000): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
  await readyToExit(statementMs);
  process.exit(code);
}
