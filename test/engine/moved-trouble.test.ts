/** Somebody else writes, and something else goes wrong as well: lost answers, lost locks, servers that say less. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import { openHranaTarget } from '../../packages/overseed/src/target/hrana/open.ts';
import { AnswerLost, type Target } from '../../packages/overseed/src/target/target.ts';
import { type Cut, cuttingProxy, type Rewriting } from '../support/cutting-proxy.ts';
import {
  beforeApply,
  beforeEachApply,
  isApply,
  type PlainRow,
  type PushResult,
  pushTo,
  remoteTarget,
} from '../support/engine.ts';

const never = new AbortController().signal;
const ROWS = 200;
const SCHEMA = [
  'CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)',
  'CREATE INDEX t_v ON t(v)',
  'CREATE TABLE noise (n INTEGER)',
  `INSERT INTO t SELECT value, 'old' FROM generate_series(1, ${ROWS})`,
];
const wanted: PlainRow[] = Array.from({ length: ROWS }, (_, i) => ({ id: BigInt(i + 1), v: 'new' }));
const VALUES = 'SELECT v, count(*) FROM t GROUP BY v ORDER BY v';
const ALL_NEW = [['new', BigInt(ROWS)]];

const plannedAgain = ({ events }: PushResult) =>
  events.filter((event) => event.kind === 'warning' && /Planning again/.test(event.message)).length;

/** The target by way of a proxy. */
function through(url: string, token: string): () => Target {
  return () => openHranaTarget({ url, token, variables: { url: 'U', token: 'T' } });
}

/** Counts how often the target is marked. */
function countMarks(count: () => void): (target: Target) => Target {
  return (target) => ({
    ...target,
    mark(signal) {
      count();
      return target.mark(signal);
    },
  });
}

describe.each(['delta', 'swap'] as const)('%s', (strategy) => {
  test('a writer who never rests, on another table: the push comes through without planning again', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    let written = 0n;
    const hammering = new AbortController();
    const hammer = (async () => {
      await using connection = target.open();
      while (!hammering.signal.aborted) {
        await connection.write([{ sql: 'INSERT INTO noise VALUES (?)', args: [written] }], never);
        written++;
      }
    })();
    // There is a commit between any look and the batch that follows it.
    const around = beforeEachApply(async () => {
      const before = written;
      while (written === before) await sleep(1);
    });
    const result = await pushTo(target, { t: wanted }, { strategy, around });
    hammering.abort();
    await hammer;
    expect(result.outcome.status).toBe('applied');
    expect(plannedAgain(result)).toBe(0);
    expect(result.events.filter((event) => event.kind === 'warning')).toEqual([]);
    expect(await target.rows(VALUES)).toEqual(ALL_NEW);
    expect(await target.rows('SELECT count(*) FROM noise')).toEqual([[written]]);
    expect(
      await target.rows("SELECT name FROM sqlite_schema WHERE (type='trigger' AND name LIKE '%touch%')"),
    ).toEqual([]);
  });

  test('a writer who never rests, on a table of the source: given up, and nothing of theirs is lost', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const theirs = new Map<bigint, string>();
    const hammering = new AbortController();
    let written = 0;
    const hammer = (async () => {
      await using connection = target.open();
      while (!hammering.signal.aborted) {
        const id = BigInt((written * 7) % ROWS) + 1n;
        const v = `theirs ${written++}`;
        await connection.write([{ sql: 'UPDATE t SET v=? WHERE id=?', args: [v, id] }], never);
        theirs.set(id, v);
      }
    })();
    const around = beforeEachApply(async () => {
      const before = written;
      while (written < before + 2) await sleep(1);
    });
    const error = await pushTo(target, { t: wanted }, { strategy, around }).catch(
      (thrown: unknown) => thrown,
    );
    hammering.abort();
    await hammer;
    expect(error).toMatchObject({ code: 'TARGET_MOVED', state: 'old' });
    const expected = wanted.map(({ id }) => [id, theirs.get(id as bigint) ?? 'old']);
    expect(await target.rows('SELECT id, v FROM t ORDER BY id')).toEqual(expected);
    const leftovers =
      "SELECT name FROM sqlite_schema WHERE name LIKE '%stage%' OR (type='trigger' AND name LIKE '%touch%')";
    expect(await target.rows(leftovers)).toEqual([]);
  });

  test.each<{ name: string; cut: Cut }>([
    { name: 'after the commit: the marker tells', cut: 'before-answer' },
    { name: 'before the request arrived: looked at again, then sent again', cut: 'before-request' },
  ])('P6: the answer to the commit is lost $name', async ({ cut }) => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    let cuts = 0;
    await using proxy = await cuttingProxy(target.url, (body) =>
      body.includes('INSERT INTO _overseed_runs') && cuts++ === 0 ? cut : 'none',
    );
    const result = await pushTo(
      target,
      { t: wanted },
      { strategy, around: through(proxy.url, target.token) },
    );
    expect(result.outcome.status).toBe('applied');
    expect(plannedAgain(result)).toBe(0);
    expect(await target.rows(VALUES)).toEqual(ALL_NEW);
    expect(await target.rows('SELECT count(*) FROM _overseed_runs')).toEqual([[1n]]);
  });

  test('P6: the request is lost, and before it is sent again somebody changes a row: that is seen', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    let lost = 0;
    const around = (opened: Target): Target => ({
      ...opened,
      async write(steps, signal, options) {
        if (!isApply(steps) || lost++ > 0) return opened.write(steps, signal, options);
        await target.run("UPDATE t SET v='theirs' WHERE id=1");
        throw new AnswerLost('the connection broke');
      },
    });
    const result = await pushTo(target, { t: wanted }, { strategy, around });
    expect(result.outcome.status).toBe('applied');
    expect(plannedAgain(result)).toBe(1);
    expect(await target.rows(VALUES)).toEqual(ALL_NEW);
  });

  test('P6: a request that was given up arrives late and commits: it is recognised, and nothing is done twice', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    let sent = 0;
    const around = (opened: Target): Target => ({
      ...opened,
      async write(steps, signal, options) {
        if (!isApply(steps)) return opened.write(steps, signal, options);
        if (sent++ === 0) throw new AnswerLost('on its way for a long time');
        await using late = target.open();
        await late.write(steps, signal);
        return opened.write(steps, signal, options);
      },
    });
    const result = await pushTo(target, { t: wanted }, { strategy, around });
    expect(result.outcome.status).toBe('applied');
    expect(plannedAgain(result)).toBe(0);
    expect(await target.rows(VALUES)).toEqual(ALL_NEW);
    expect(await target.rows('SELECT count(*) FROM _overseed_runs')).toEqual([[1n]]);
  });
});

test('P1: the lock is taken away in the middle of a staged batch: nothing is applied, and it is sent again', async () => {
  await using target = await remoteTarget();
  await target.run(...SCHEMA);
  const slow =
    'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x<3000000) SELECT max(x) FROM c';
  const start = performance.now();
  await target.rows(slow);
  const times = Math.ceil(10_000 / (performance.now() - start));
  let between: SqlValue[][] | undefined;
  let first = true;
  let codes: string[] = [];
  const around = (opened: Target): Target => ({
    ...opened,
    async write(steps, signal, options) {
      if (!isApply(steps) || !first) return opened.write(steps, signal, options);
      first = false;
      // One of these comes after the transaction has begun, and waits for its lock.
      let running = true;
      const slowly = [
        ...steps.slice(0, -1),
        ...Array.from({ length: times }, () => ({ sql: slow })),
        ...steps.slice(-1),
      ];
      const batch = opened.write(slowly, signal, options).finally(() => {
        running = false;
      });
      batch.catch(() => undefined);
      await sleep(500);
      while (running) await target.run('INSERT INTO noise VALUES (1)');
      between = await target.rows(VALUES);
      return batch.catch((error: unknown) => {
        codes = [...codes, error instanceof OverseedError ? error.code : String(error)];
        throw error;
      });
    },
  });
  const result = await pushTo(target, { t: wanted }, { strategy: 'delta', around });
  expect(codes).toEqual(['TARGET_BUSY']);
  expect(between).toEqual([['old', BigInt(ROWS)]]);
  expect(result.outcome.status).toBe('applied');
  expect(plannedAgain(result)).toBe(0);
  expect(await target.rows(VALUES)).toEqual(ALL_NEW);
});

test('a run that rests for longer than the server waits, and renews its lease meanwhile, counts as nobody else', async () => {
  await using target = await remoteTarget();
  await target.run(...SCHEMA);
  let marks = 0;
  const around = (opened: Target) => beforeApply(() => sleep(12_500))(countMarks(() => marks++)(opened));
  const result = await pushTo(target, { t: wanted }, { strategy: 'delta', around });
  expect(result.outcome.status).toBe('applied');
  expect(marks).toBe(1);
  expect(await target.rows(VALUES)).toEqual(ALL_NEW);
});

describe('a server that', () => {
  const withoutMarks = [
    {
      name: 'does not know the pragma',
      rewriting: { request: (body: string) => body.replaceAll('pragma_data_version', 'pragma_nothing') },
    },
    {
      name: 'ends each connection that is not in a transaction',
      rewriting: {
        request: (body: string) => {
          const { baton, requests } = JSON.parse(body);
          const isMark = body.includes('pragma_data_version') && requests[0].type === 'execute';
          return isMark ? JSON.stringify({ baton, requests: [...requests, { type: 'close' }] }) : body;
        },
      },
    },
  ] satisfies { name: string; rewriting: Rewriting }[];

  test.each(withoutMarks)('$name is looked at once before the rows change', async ({ rewriting }) => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    await using proxy = await cuttingProxy(target.url, () => 'none', rewriting);
    const opened = through(proxy.url, target.token);
    const quiet = await pushTo(target, { t: wanted }, { strategy: 'delta', around: opened });
    expect(quiet.outcome.status).toBe('applied');
    expect(plannedAgain(quiet)).toBe(0);
    let changed = false;
    const whileStaging = (): Target => {
      const inner = opened();
      return {
        ...inner,
        async write(steps, signal, options) {
          if (!changed && steps.some(({ sql }) => sql.includes('_overseed_stage_'))) {
            changed = true;
            await target.run("UPDATE t SET v='theirs' WHERE id=1");
          }
          return inner.write(steps, signal, options);
        },
      };
    };
    const older = wanted.map(({ id }) => ({ id: id as bigint, v: 'newer' }));
    const moved = await pushTo(target, { t: older }, { strategy: 'delta', around: whileStaging });
    expect(moved.outcome.status).toBe('applied');
    expect(plannedAgain(moved)).toBe(1);
    expect(await target.rows(VALUES)).toEqual([['newer', BigInt(ROWS)]]);
  });

  test('does not number its frames can tell all the same', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const answer = (body: string) =>
      body.replaceAll(/"replication_index":"\d+"/g, '"replication_index":null');
    await using proxy = await cuttingProxy(target.url, () => 'none', { answer });
    const meddle = beforeApply(() => target.run("UPDATE t SET v='theirs' WHERE id=1"));
    const around = () => meddle(through(proxy.url, target.token)());
    const result = await pushTo(target, { t: wanted }, { strategy: 'delta', around });
    expect(result.outcome.status).toBe('applied');
    expect(plannedAgain(result)).toBe(1);
    expect(await target.rows(VALUES)).toEqual(ALL_NEW);
  });
});
