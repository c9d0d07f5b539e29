/** Another program that has a database file open: a process of its own, which does what it is told. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface OtherProgram extends AsyncDisposable {
  /** Runs one statement on its only connection; waits for locks as long as `busyMs`. @returns rows, if it returns some */
  run(sql: string): Promise<unknown[][]>;
  /**
   * Asks `sql` as fast as it can, until `stop` is called, which returns each distinct answer.
   * `stop` rejects when an answer did not come in time.
   */
  poll(sql: string): Promise<{ stop(): Promise<{ answers: string[]; count: number }> }>;
}

export async function otherProgram(file: string, busyMs = 5_000): Promise<OtherProgram> {
  const script = fileURLToPath(new URL('./other-program-process.ts', import.meta.url));
  const child = fork(script, [file, String(busyMs)], { execArgv: [] });
  const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
  let last = 0;
  child.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    const asker = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asker?.resolve(value as never);
    else asker?.reject(new Error(error));
  });
  function tell<T>(message: { kind: 'run' | 'poll' | 'stop'; sql?: string }): Promise<T> {
    const id = ++last;
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      child.send({ id, ...message });
    });
  }
  return {
    run: (sql) => tell({ kind: 'run', sql }),
    async poll(sql) {
      await tell({ kind: 'poll', sql });
      return { stop: () => tell({ kind: 'stop' }) };
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
