/** The port's promise about marks: other people's commits count, one's own do not, and what is not known is not claimed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  type Mark,
  MarkLost,
  type Statement,
  type Target,
} from '../../packages/overseed/src/target/target.ts';
import { fileTarget, remoteTarget } from '../support/engine.ts';

const never = new AbortController().signal;
const insert = (n: number): Statement => ({ sql: 'INSERT INTO t VALUES (?)', args: [BigInt(n)] });

async function marked(target: Target): Promise<Mark> {
  const mark = await target.mark(never);
  if (!mark) throw new Error('This target must be able to tell');
  return mark;
}

describe.each([
  { kind: 'remote', open: remoteTarget },
  { kind: 'file', open: fileTarget },
])('a mark on a $kind target', ({ open }) => {
  test('holds through own writes, also many at once, and through what others read or roll back', async () => {
    await using target = await open();
    await target.run('CREATE TABLE t (n INTEGER)', 'CREATE TABLE other (n INTEGER UNIQUE)');
    await using own = target.open();
    const since = await marked(own);
    await Promise.all(Array.from({ length: 20 }, (_, n) => own.write([insert(n)], never)));
    expect(await target.rows('SELECT count(*) FROM t')).toEqual([[20n]]);
    await using other = target.open();
    const failing = [{ sql: 'INSERT INTO other VALUES (1)' }, { sql: 'INSERT INTO other VALUES (1)' }];
    await expect(other.write(failing, never)).rejects.toThrow('UNIQUE');
    const { results } = await own.write([insert(20), { sql: 'SELECT count(*) FROM t' }], never, { since });
    expect(results).toEqual([[], [[21n]]]);
  });

  test.each([
    ['a row of any table', 'INSERT INTO other VALUES (1)'],
    ['the schema', 'CREATE INDEX t_n ON t(n)'],
  ])('is lost when somebody else writes %s, and nothing is written', async (_, sql) => {
    await using target = await open();
    await target.run('CREATE TABLE t (n INTEGER)', 'CREATE TABLE other (n INTEGER)');
    await using own = target.open();
    const since = await marked(own);
    await own.write([insert(1)], never, { since });
    await target.run(sql);
    await expect(own.write([insert(2)], never, { since })).rejects.toThrow(MarkLost);
    expect(await target.rows('SELECT n FROM t')).toEqual([[1n]]);
    const again = await marked(own);
    await own.write([insert(3)], never, { since: again });
    expect(await target.rows('SELECT n FROM t')).toEqual([[1n], [3n]]);
  });

  test('means nothing on another connection, whatever its number', async () => {
    await using target = await open();
    await target.run('CREATE TABLE t (n INTEGER)');
    await using own = target.open();
    await using other = target.open();
    const since = await marked(own);
    expect((await marked(other)).dataVersion).toBe(since.dataVersion);
    await expect(other.write([insert(1)], never, { since })).rejects.toThrow(MarkLost);
    expect(await target.rows('SELECT n FROM t')).toEqual([]);
  });

  test('does not get in the way of a step that fails: its number is that of the caller', async () => {
    await using target = await open();
    await target.run('CREATE TABLE t (n INTEGER)');
    await using own = target.open();
    const since = await marked(own);
    const steps = [insert(1), { sql: 'INSERT INTO nowhere VALUES (1)' }];
    await expect(own.write(steps, never, { since })).rejects.toMatchObject({ step: 1 });
    expect(await target.rows('SELECT n FROM t')).toEqual([]);
    await own.write([insert(2)], never);
    expect(await target.rows('SELECT n FROM t')).toEqual([[2n]]);
  });
});

test('a mark outlives the ten seconds that a server waits for the next request', async () => {
  await using target = await remoteTarget();
  await target.run('CREATE TABLE t (n INTEGER)');
  await using own = target.open();
  const since = await marked(own);
  await sleep(12_500);
  await own.write([insert(1)], never, { since });
  expect(await target.rows('SELECT n FROM t')).toEqual([[1n]]);
});
