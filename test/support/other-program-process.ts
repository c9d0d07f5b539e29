/** The process behind `other-program.ts`. It uses the engine directly, with none of our code. */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

interface Engine {
  prepare(sql: string): {
    readonly reader: boolean;
    raw(on: boolean): { all(): unknown[][] };
    run(): unknown;
  };
}
const Database = createRequire(new URL('../../packages/overseed/package.json', import.meta.url))(
  'libsql',
) as new (
  file: string,
  options: { timeout: number },
) => Engine;

const [file = '', busyMs = '0'] = process.argv.slice(2);
const database = new Database(file, { timeout: Number(busyMs) });
let polling: Promise<unknown> | undefined;
let stopped = false;

function run(sql: string): unknown[][] {
  const statement = database.prepare(sql);
  if (statement.reader) return statement.raw(true).all();
  statement.run();
  return [];
}

async function poll(sql: string) {
  const answers = new Set<string>();
  let count = 0;
  while (!stopped) {
    answers.add(JSON.stringify(run(sql)));
    count++;
    // A reader that never pauses would keep a writer out for ever, without WAL.
    await sleep(1);
  }
  return { answers: [...answers].sort(), count };
}

process.on(
  'message',
  ({ id, kind, sql = '' }: { id: number; kind: 'run' | 'poll' | 'stop'; sql?: string }) => {
    const answer = (value: unknown) => process.send?.({ id, value });
    const fail = (error: unknown) => process.send?.({ id, error: String(error) });
    try {
      if (kind === 'run') answer(run(sql));
      if (kind === 'poll') {
        polling = poll(sql);
        polling.catch(() => undefined); // Whoever stops it learns of it.
        answer(undefined);
      }
      if (kind === 'stop') {
        stopped = true;
        polling?.then(answer, fail);
      }
    } catch (error) {
      fail(error);
    }
  },
);
