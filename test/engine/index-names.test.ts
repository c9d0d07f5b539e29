/** Indexes that are built before the batch: their names change hands, and come back, whatever happens. */
import { describe, expect, test } from 'vitest';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import type { Target } from '../../packages/overseed/src/target/target.ts';
import {
  failureOf,
  fileTarget,
  isApply,
  type PlainRow,
  pushTo,
  remoteTarget,
  type TestTarget,
} from '../support/engine.ts';

const never = new AbortController().signal;

const SCHEMA = [
  'CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, u TEXT)',
  'CREATE INDEX t_v ON t(v)',
  'CREATE UNIQUE INDEX "t u" ON t(u COLLATE NOCASE) WHERE u IS NOT NULL',
];
const state = (name: string): PlainRow[] =>
  Array.from({ length: 50 }, (_, i) => ({ id: BigInt(i + 1), v: name, u: `${name} ${i}` }));

async function prepare(target: TestTarget): Promise<void> {
  await target.run(...SCHEMA);
  await pushTo(target, { t: state('old') });
}

const INDEXES = `SELECT name, sql FROM sqlite_schema WHERE tbl_name='t' AND type='index' ORDER BY name`;
const LEFTOVERS = `SELECT name FROM sqlite_schema WHERE name LIKE '\\_overseed\\_st%' ESCAPE '\\'`;

/** Names and definitions, however the names are quoted in them. */
async function indexesOf(target: TestTarget): Promise<string[]> {
  const rows = await target.rows(INDEXES);
  return rows.map(
    ([name, sql]) => `${name}: ${String(sql).replace(/(INDEX|ON) "?(\w+ ?\w*?)"?(?= ON|\()/g, '$1 $2')}`,
  );
}

/** What the indexes of the live table are for, under whatever names. */
async function requireIndexed(target: TestTarget): Promise<void> {
  const plan = await target.rows("EXPLAIN QUERY PLAN SELECT id FROM t WHERE v='new'");
  expect(String(plan[0]?.[3])).toMatch(/^SEARCH t USING COVERING INDEX/);
  const [[twice] = []] = await target.rows('SELECT u FROM t WHERE id=1');
  await expect(
    target.run({ sql: 'INSERT INTO t VALUES (?, ?, upper(?))', args: [1_000n, 'x', twice ?? null] }),
  ).rejects.toThrow('UNIQUE constraint failed');
}

/** Calls `before` with each effect on the target, counted from the first one that concerns an index. */
function countEffects(
  before: (effect: number, isBatch: boolean) => Promise<void>,
): (target: Target) => Target {
  let effects = 0;
  return (target) => ({
    ...target,
    async runAlone(statement, signal) {
      await before(++effects, false);
      return target.runAlone(statement, signal);
    },
    async write(steps, signal, options) {
      if (effects > 0) await before(++effects, isApply(steps));
      return target.write(steps, signal, options);
    },
  });
}

describe.each([
  { kind: 'sqld', open: remoteTarget },
  { kind: 'a file', open: fileTarget },
])('on $kind', ({ open }) => {
  test('P7: at no moment is the live table without one of its indexes', async () => {
    await using target = await open();
    await prepare(target);
    const before = await indexesOf(target);
    let looks = 0;
    const around = countEffects(async () => {
      await requireIndexed(target);
      looks++;
    });
    const { outcome, events } = await pushTo(
      target,
      { t: state('new') },
      { strategy: 'swap-indexed', around },
    );
    expect(outcome).toMatchObject({ status: 'applied', plan: { apply: { tables: ['swap-indexed'] } } });
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'stage-finished',
        stage: 'index',
        detail: '2 indexes built beforehand',
      }),
    );
    expect(looks).toBeGreaterThanOrEqual(9);
    await requireIndexed(target);
    expect(await indexesOf(target)).toEqual(before);
    expect(await target.rows(LEFTOVERS)).toEqual([]);
  });

  test('P2: a run that dies anywhere between leaves the table whole, and the next one gives the names back', async () => {
    await using target = await open();
    await prepare(target);
    const before = await indexesOf(target);
    const namesSeen = new Set<string>();
    for (let last = 1; ; last++) {
      let died = false;
      const around = countEffects(async (effect) => {
        if (effect < last) return;
        died = true;
        throw new OverseedError('TARGET_UNREACHABLE', { what: 'Gone.', state: 'old', next: '' });
      });
      const push = pushTo(target, { t: state('new') }, { strategy: 'swap-indexed', around });
      const result = await push.catch((error: unknown) => error);
      // The lease of the one that died is this very process's; it has gone with its run.
      await target.run('UPDATE _overseed_lease SET owner=NULL, expires=0');
      if (!died) break;
      const isCommitted = !(result instanceof OverseedError) || result.state === 'new';
      if (isCommitted) break;
      expect(await target.rows('SELECT DISTINCT v FROM t')).toEqual([['old']]);
      await requireIndexed(target);
      for (const [name] of await target.rows(INDEXES)) namesSeen.add(String(name));
      // With the same rows there is nothing to push; with others there is.
      const next = last % 2 === 0 ? 'old' : 'newer';
      const { outcome } = await pushTo(target, { t: state(next) });
      expect(outcome.status).toBe(next === 'old' ? 'unchanged' : 'applied');
      expect(await indexesOf(target), `died before effect ${last}`).toEqual(before);
      expect(await target.rows(LEFTOVERS)).toEqual([]);
      await pushTo(target, { t: state('old') });
    }
    expect([...namesSeen].sort()).toEqual(['_overseed_stand_in_t u', '_overseed_stand_in_t_v', 't u', 't_v']);
    expect(await indexesOf(target)).toEqual(before);
  });

  test('a batch that is refused: the same run gives the names back', async () => {
    await using target = await open();
    await prepare(target);
    const before = await indexesOf(target);
    const around = countEffects(async (_, isBatch) => {
      if (isBatch) throw new OverseedError('TARGET_REJECTED', { what: 'No.', state: 'old', next: '' });
    });
    const error = await failureOf(pushTo(target, { t: state('new') }, { strategy: 'swap-indexed', around }));
    expect(error).toMatchObject({ code: 'TARGET_REJECTED', state: 'old' });
    expect(await indexesOf(target)).toEqual(before);
    expect(await target.rows(LEFTOVERS)).toEqual([]);
    expect(await target.rows('SELECT DISTINCT v FROM t')).toEqual([['old']]);
  });

  test('an index that somebody changes meanwhile is theirs: the run plans again, and keeps it', async () => {
    await using target = await open();
    await prepare(target);
    let isChanged = false;
    const around = countEffects(async (effect) => {
      if (effect !== 2 || isChanged) return;
      isChanged = true;
      await target.run('DROP INDEX t_v', 'CREATE INDEX t_v ON t(v, u)');
    });
    await pushTo(target, { t: state('new') }, { strategy: 'swap-indexed', around }).catch(() => undefined);
    expect(isChanged).toBe(true);
    const { outcome } = await pushTo(target, { t: state('newer') }, { strategy: 'swap-indexed' });
    expect(outcome.status).toBe('applied');
    expect(await indexesOf(target)).toContain('t_v: CREATE INDEX t_v ON t(v, u)');
    expect(await target.rows(LEFTOVERS)).toEqual([]);
  });
});

test('a batch that loses its lock again is made briefer: the indexes are built before it', async () => {
  await using target = await remoteTarget();
  await prepare(target);
  const before = await indexesOf(target);
  let losses = 0;
  const around = (opened: Target): Target => ({
    ...opened,
    async write(steps, signal, options) {
      const isLong = isApply(steps) && steps.some(({ sql }) => /^CREATE (UNIQUE )?INDEX/.test(sql));
      if (!isLong) return opened.write(steps, signal, options);
      losses++;
      throw new OverseedError('TARGET_BUSY', { what: 'The lock was taken away.', state: 'old', next: '' });
    },
  });
  const { outcome, events } = await pushTo(target, { t: state('new') }, { strategy: 'swap', around });
  expect(outcome.status).toBe('applied');
  expect(losses).toBe(2);
  const said = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
  expect(said.at(-1)).toBe(
    'The lock was taken away. What takes time in the transaction is done before it now: the building of indexes.',
  );
  expect(await target.rows('SELECT DISTINCT v FROM t')).toEqual([['new']]);
  expect(await indexesOf(target)).toEqual(before);
  expect(await target.rows(LEFTOVERS)).toEqual([]);
});

test('a statement that runs by itself keeps the lock, also beyond the five seconds of a server', async () => {
  await using target = await remoteTarget();
  await target.run(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)',
    'CREATE TABLE noise (n INTEGER)',
    'WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM s WHERE n<500) INSERT INTO t SELECT n, n FROM s',
  );
  const index = (name: string, bytes: number) => ({
    sql: `CREATE INDEX ${name} ON t(length(replace(hex(zeroblob(${Math.ceil(bytes)})), '0', v)))`,
  });
  const sample = 20_000;
  const start = performance.now();
  await target.run(index('sample', sample));
  const wanted = (sample * 5_600) / (performance.now() - start);
  let over = false;
  const noise = (async () => {
    await using other = target.open();
    while (!over) await other.write([{ sql: 'INSERT INTO noise VALUES (1)' }], never);
  })();
  await using runner = target.open();
  await runner.mark(never);
  await runner.runAlone(index('alone', wanted), never);
  over = true;
  await noise;
  expect((await target.rows(INDEXES)).map(([name]) => name)).toEqual(['alone', 'sample']);
});
