/** Indexes that are built before the batch: their names change hands, and come back, whatever happens. */
import { describe, expect, test } from 'vitest';
import { giveNamesBack } from '../../packages/overseed/src/apply/give-names-back.ts';
import { acquireLease } from '../../packages/overseed/src/lease/lease.ts';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import type { Event } from '../../packages/overseed/src/model/event.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import { readSchema } from '../../packages/overseed/src/target/read-schema.ts';
import { standInFor } from '../../packages/overseed/src/target/stand-in.ts';
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
const LEFTOVERS = `SELECT name FROM sqlite_schema WHERE name LIKE '\\_overseed\\_st%' ESCAPE '\\' OR (type='trigger' AND name LIKE '%touch%')`;

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
    async write(steps, signal, options) {
      const begins = steps.some(({ sql }) => /_overseed_touched|_overseed_stand_in_/.test(sql));
      if (effects > 0 || begins) await before(++effects, isApply(steps));
      return target.write(steps, signal, options);
    },
  });
}

describe.each([
  { kind: 'sqld', open: remoteTarget, strategy: 'swap-indexed' },
  { kind: 'a file', open: fileTarget, strategy: 'swap-indexed' },
  { kind: 'sqld', open: remoteTarget, strategy: 'swap-gradual' },
  { kind: 'a file', open: fileTarget, strategy: 'swap-gradual' },
] as const)('on $kind, $strategy', ({ open, strategy }) => {
  test('P7: at no moment is the live table without one of its indexes', async () => {
    await using target = await open();
    await prepare(target);
    const before = await indexesOf(target);
    let looks = 0;
    const around = countEffects(async () => {
      await requireIndexed(target);
      looks++;
    });
    const { outcome, events } = await pushTo(target, { t: state('new') }, { strategy, around });
    expect(outcome).toMatchObject({ status: 'applied', plan: { apply: { tables: [strategy] } } });
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'stage-finished',
        stage: 'index',
        detail: '2 indexes built beforehand',
      }),
    );
    expect(looks).toBeGreaterThanOrEqual(6);
    await requireIndexed(target);
    expect(await indexesOf(target)).toEqual(before);
    expect(await target.rows(LEFTOVERS)).toEqual([]);
  });

  test('P2: a run that dies anywhere between leaves the table whole, and the next one gives the names back', async () => {
    await using target = await open();
    await prepare(target);
    const before = await indexesOf(target);
    const namesSeen = new Set<string>();
    // The second one has some thirty effects.
    for (let last = 1; ; last += strategy === 'swap-gradual' ? 3 : 1) {
      let died = false;
      const around = countEffects(async (effect) => {
        if (effect < last) return;
        died = true;
        throw new OverseedError('TARGET_UNREACHABLE', { what: 'Gone.', state: 'old', next: '' });
      });
      const push = pushTo(target, { t: state('new') }, { strategy, around });
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
    const error = await failureOf(pushTo(target, { t: state('new') }, { strategy, around }));
    expect(error).toMatchObject({ code: 'TARGET_REJECTED', state: 'old' });
    expect(await indexesOf(target)).toEqual(before);
    expect(await target.rows(LEFTOVERS)).toEqual([]);
    expect(await target.rows('SELECT DISTINCT v FROM t')).toEqual([['old']]);
  });

  test.each([
    { who: 'drops', sql: ['DROP INDEX t_v'], left: ['t u'] },
    { who: 'adds', sql: ['CREATE INDEX t_w ON t(v, u)'], left: ['t u', 't_v', 't_w'] },
  ])('an index that somebody $who meanwhile: what they did stays done', async ({ sql, left }) => {
    await using target = await open();
    await prepare(target);
    const around = countEffects(async (effect) => {
      if (effect === 2) await target.run(...sql);
    });
    const push = pushTo(target, { t: state('new') }, { strategy, around });
    expect(await failureOf(push)).toMatchObject({ code: 'TARGET_MOVED', state: 'old' });
    expect((await target.rows(INDEXES)).map(([name]) => name)).toEqual(left);
    expect(await target.rows(LEFTOVERS)).toEqual([]);
    expect((await pushTo(target, { t: state('new') }, { strategy })).outcome.status).toBe('applied');
  });

  test('a name that somebody has taken meanwhile: said, and the push goes on', async () => {
    await using target = await open();
    await prepare(target);
    const before = await target.rows(INDEXES);
    const dying = countEffects(async () => {
      const [standIns] = await target.rows(
        `SELECT count(*) FROM (${INDEXES.replace(' ORDER BY name', '')}) WHERE name LIKE '%stand_in%'`,
      );
      const [names] = await target.rows(
        `SELECT count(*) FROM (${INDEXES.replace(' ORDER BY name', '')}) WHERE name='t_v'`,
      );
      if (standIns?.[0] === 2n && names?.[0] === 0n)
        throw new OverseedError('TARGET_UNREACHABLE', { what: 'Gone.', state: 'old', next: '' });
    });
    await failureOf(pushTo(target, { t: state('new') }, { strategy, around: dying }));
    await target.run('UPDATE _overseed_lease SET owner=NULL, expires=0', 'DROP TABLE IF EXISTS other');
    await target.run('CREATE TABLE t_v (x)');
    const { outcome, events } = await pushTo(target, { t: state('newer') });
    expect(outcome.status).toBe('applied');
    const said = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
    expect(said).toEqual([
      expect.stringMatching(
        /^An index of t on .* is called _overseed_stand_in_t_v since .* t_v, is taken by now/,
      ),
    ]);
    await target.run('DROP TABLE t_v');
    expect((await pushTo(target, { t: state('newer') })).outcome.status).toBe('unchanged');
    expect((await target.rows(INDEXES)).map(([name]) => name)).toEqual(before.map(([name]) => name));
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
    await pushTo(target, { t: state('new') }, { strategy, around }).catch(() => undefined);
    expect(isChanged).toBe(true);
    const { outcome } = await pushTo(target, { t: state('newer') }, { strategy });
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

test('where an index takes too long in one piece, names come back by way of a copy in short commits', async () => {
  await using target = await remoteTarget();
  await prepare(target);
  await target.run(
    // A search index that refers to implicit rowids, and gaps in them.
    'CREATE TABLE page (slug TEXT PRIMARY KEY, body TEXT)',
    'CREATE INDEX page_body ON page(body)',
    "CREATE TRIGGER page_loud AFTER INSERT ON page WHEN new.body IS NULL BEGIN SELECT RAISE(ABORT, 'body'); END",
    'CREATE VIEW bodies AS SELECT body FROM page',
    "INSERT INTO page (rowid, slug, body) VALUES (7, 'g', 'x'), (-3, 'a', 'y'), (900, 'z', 'z')",
    `CREATE INDEX "${standInFor('page_body')}" ON page(body)`,
    'DROP INDEX page_body',
  );
  const schema =
    "SELECT name, sql FROM sqlite_schema WHERE tbl_name IN ('page', 'bodies') AND type<>'table' ORDER BY name";
  const before = (await target.rows(schema)).map(([name]) => String(name).replace(standInFor(''), ''));
  const rows = await target.rows('SELECT rowid, slug, body FROM page ORDER BY rowid');
  await using opened = target.open();
  const run = startRun({ signal: new AbortController().signal, emit: () => undefined });
  await using lease = await acquireLease(opened, run);
  const { tables } = await readSchema(opened, run.signal);
  const work = { target: opened, lease, statistics: [] };
  // Whoever has stopped the run does not wait for the copy.
  const warnings: string[] = [];
  const stopped = { ...run, emit: (event: Event) => 'message' in event && warnings.push(event.message) };
  await giveNamesBack(work, [...tables.values()], stopped, { longestUs: 0, mayCopy: false });
  expect(warnings).toEqual([
    expect.stringMatching(/^Some indexes on .* which the next push puts right: page is large\.$/),
  ]);
  await giveNamesBack(work, [...tables.values()], run, { longestUs: 0 });
  expect((await target.rows(schema)).map(([name]) => name)).toEqual(before.sort());
  expect(await target.rows('SELECT rowid, slug, body FROM page ORDER BY rowid')).toEqual(rows);
  expect(await target.rows(LEFTOVERS)).toEqual([]);
});

test('a vector index is asked by its name: its table is replaced with everything inside the batch', async () => {
  await using target = await remoteTarget();
  await target.run(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, e F32_BLOB(2))',
    'CREATE INDEX t_e ON t(libsql_vector_idx(e))',
  );
  const rows = Array.from({ length: 5 }, (_, i) => ({
    id: BigInt(i),
    e: new Uint8Array(new Float32Array([i, 1]).buffer),
  }));
  const { outcome } = await pushTo(target, { t: rows }, { strategy: 'swap-indexed' });
  expect(outcome).toMatchObject({ status: 'applied', plan: { apply: { tables: ['swap'] } } });
});
