import { nativeWorkDone } from '../util/native-work.ts';

/** Ends the process after everything printed has left, and threads have come to a place where they can be stopped. */
export async function exitProcess(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
  await nativeWorkDone();
  process.exit(code);
}
