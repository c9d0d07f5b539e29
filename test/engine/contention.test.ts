/** Other writers on the same server, and the server's habit of taking the write lock away from slow transactions. */
import { expect, test } from 'vitest';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import { type PlainRow, pushTo, remoteTarget } from '../support/engine.ts';

const never = new AbortController().signal;

function state(name: string): PlainRow[] {
  return Array.from({ length: 200 }, (_, id) => ({ id: BigInt(id), v: `${name} ${id}` }));
}

test.each(['inline', 'delta', 'swap', 'swap-indexed', 'swap-gradual'] as const)(
  'a writer that hammers the target throughout breaks nothing, %s',
  async (strategy) => {
    await using target = await remoteTarget();
    await target.run(
      'CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)',
      'CREATE INDEX t_v ON t(v)',
      'CREATE TABLE noise (n INTEGER)',
    );
    let hammering = true;
    let written = 0n;
    const hammer = (async () => {
      await using connection = target.open();
      while (hammering) {
        await connection.write([{ sql: 'INSERT INTO noise VALUES (?)', args: [written] }], never);
        written++;
      }
    })();
    for (let push = 0; push < 15; push++) {
      const { outcome } = await pushTo(target, { t: state(push % 2 === 0 ? 'even' : 'odd') }, { strategy });
      expect(outcome.status).toBe('applied');
    }
    hammering = false;
    await hammer;
    expect(written).toBeGreaterThan(15n);
    expect(await target.rows('SELECT count(*) FROM noise')).toEqual([[written]]);
    expect(await target.rows("SELECT count(*) FROM t WHERE v LIKE 'even %'")).toEqual([[200n]]);
  },
);

test('P1: when the server takes the lock away from a slow transaction, none of its steps is left behind', async () => {
  await using target = await remoteTarget();
  await target.run('CREATE TABLE t (v TEXT)', 'CREATE TABLE other (v TEXT)');
  const count = (rows: number) =>
    `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x<${rows}) SELECT max(x) FROM c`;
  const sample = 2_000_000;
  const start = performance.now();
  await target.rows(count(sample));
  // Eight statements of about 1.5 s each: the lock is looked at between statements, and is for the taking after 5 s.
  const slow = count(Math.ceil((sample * 1_500) / (performance.now() - start)));
  await using holder = target.open();
  let running = true;
  const transaction = holder
    .write(
      [
        { sql: "INSERT INTO t VALUES ('first')" },
        ...Array.from({ length: 8 }, () => ({ sql: slow })),
        { sql: "INSERT INTO t VALUES ('last')" },
      ],
      never,
    )
    .catch((error: unknown) => error)
    .finally(() => {
      running = false;
    });
  // One of these writes comes after the transaction has begun, and waits for its lock.
  let waited = 0n;
  while (running) {
    await target.run("INSERT INTO other VALUES ('waited')");
    waited++;
  }
  const error = await transaction;
  expect(error).toBeInstanceOf(OverseedError);
  expect((error as OverseedError).code).toBe('TARGET_BUSY');
  expect(await target.rows('SELECT v FROM t')).toEqual([]);
  expect(await target.rows('SELECT count(*) FROM other')).toEqual([[waited]]);
});
