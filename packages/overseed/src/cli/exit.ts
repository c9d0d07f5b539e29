/** Ends the process after everything printed has left. The only place that does, with `main.ts`. */
export async function exitProcess(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
  process.exit(code);
}
