/** The same promise for tables that are proved by pages: what somebody else changes between plan and apply is seen. */
import { describe, expect, test } from 'vitest';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import type { Target } from '../../packages/overseed/src/target/target.ts';
import {
  beforeApply,
  fileTarget,
  type PlainRow,
  type PushResult,
  pushTo,
  remoteTarget,
  type TestTarget,
} from '../support/engine.ts';

const ROWS = 21_000;
const SERIES = `WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM s WHERE n<${ROWS})`;

async function fill(target: TestTarget): Promise<void> {
  await target.run(
    'CREATE TABLE home (id INTEGER PRIMARY KEY, v TEXT, n INTEGER)',
    'CREATE INDEX home_v ON home(v)',
    'CREATE TABLE noise (n INTEGER)',
    `${SERIES} INSERT INTO home SELECT n, 'old ' || n, n % 7 FROM s`,
  );
}

/** Every second row is another one. */
const wanted: PlainRow[] = Array.from({ length: ROWS }, (_, i) => ({
  id: BigInt(i + 1),
  v: `${i % 2 === 0 ? 'new' : 'old'} ${i + 1}`,
  n: BigInt((i + 1) % 7),
}));

const TOUCHED = "UPDATE home SET v='theirs' WHERE id=20001";
const UNTOUCHED = "UPDATE home SET v='theirs' WHERE id=20000";
const SWAPPED = `UPDATE home SET v='old ' || CASE id WHEN 10 THEN 20000 ELSE 10 END WHERE id IN (10, 20000)`;

const plannedAgain = ({ events }: PushResult) =>
  events.flatMap((event) =>
    event.kind === 'warning' && /Planning again/.test(event.message) ? [event.message] : [],
  );
/** Rows that were looked at between staging and commit. */
const lookedAt = ({ events }: PushResult) =>
  events.reduce(
    (most, event) =>
      event.kind === 'stage-progress' && event.stage === 'apply' ? Math.max(most, event.done) : most,
    0,
  );

function countMarks(count: () => void): (target: Target) => Target {
  return (target) => ({
    ...target,
    mark(signal) {
      count();
      return target.mark(signal);
    },
  });
}

describe.each([
  { kind: 'remote', open: remoteTarget, strategy: 'delta', theirs: TOUCHED },
  { kind: 'remote', open: remoteTarget, strategy: 'delta', theirs: SWAPPED },
  { kind: 'remote', open: remoteTarget, strategy: 'swap', theirs: UNTOUCHED },
  { kind: 'remote', open: remoteTarget, strategy: 'swap', theirs: SWAPPED },
  { kind: 'remote', open: remoteTarget, strategy: 'swap-indexed', theirs: SWAPPED },
  { kind: 'remote', open: remoteTarget, strategy: 'swap-gradual', theirs: SWAPPED },
  { kind: 'file', open: fileTarget, strategy: 'delta', theirs: TOUCHED },
  { kind: 'file', open: fileTarget, strategy: 'swap', theirs: SWAPPED },
] as const)('on a $kind target, $strategy, somebody does $theirs', ({ open, strategy, theirs }) => {
  test('planned again, and in the backup', async () => {
    await using target = await open();
    await fill(target);
    const result = await pushTo(
      target,
      { home: wanted },
      { strategy, around: beforeApply(() => target.run(theirs)) },
    );
    expect(result.outcome.status).toBe('applied');
    expect(plannedAgain(result)).toEqual([expect.stringMatching(/^home on .* was changed by somebody else/)]);
    const odd = `SELECT id, v FROM home WHERE v<>'new ' || id AND v<>'old ' || id ORDER BY id`;
    expect(await target.rows(odd)).toEqual([]);
    using backup = new LocalDatabase(
      result.outcome.status === 'applied' ? (result.outcome.backup ?? '') : '',
    );
    expect(backup.rows(odd)).toEqual(
      theirs === SWAPPED
        ? [
            [10n, 'old 20000'],
            [20_000n, 'old 10'],
          ]
        : [[theirs === TOUCHED ? 20_001n : 20_000n, 'theirs']],
    );
  });
});

describe('somebody writes as soon as the state that is planned from', () => {
  /** Meddles once, when a snapshot has answered for the first time after the target was marked. */
  function afterFirstLook(
    meddle: () => Promise<void>,
    doing: 'query' | 'version',
  ): (opened: Target) => Target {
    let due = false;
    const once = async () => {
      if (due) await meddle();
      due = false;
    };
    return (opened) => ({
      ...opened,
      async mark(signal) {
        due = true;
        return opened.mark(signal);
      },
      snapshot(signal) {
        const snapshot = opened.snapshot(signal);
        return {
          async query(queries, options) {
            const answers = await snapshot.query(queries, options);
            if (doing === 'query') await once();
            return answers;
          },
          async version() {
            const version = await snapshot.version();
            if (doing === 'version') await once();
            return version;
          },
          [Symbol.asyncDispose]: () => snapshot[Symbol.asyncDispose](),
        };
      },
    });
  }

  test('begins to be read: planned again', async () => {
    await using target = await remoteTarget();
    await fill(target);
    const around = afterFirstLook(() => target.run(UNTOUCHED), 'query');
    const result = await pushTo(target, { home: wanted }, { strategy: 'swap', around });
    expect(result.outcome.status).toBe('applied');
    expect(plannedAgain(result)).toHaveLength(1);
    expect(await target.rows('SELECT v FROM home WHERE id=20000')).toEqual([['old 20000']]);
  });

  test('is recognised as the one of the last run: planned again', async () => {
    await using target = await remoteTarget();
    await fill(target);
    await pushTo(target, { home: wanted }, { strategy: 'delta', states: true });
    const newer = wanted.map((row, i) => (i === 0 ? { ...row, v: 'newer' } : row));
    const around = afterFirstLook(() => target.run(UNTOUCHED), 'version');
    const result = await pushTo(target, { home: newer }, { strategy: 'swap', states: true, around });
    expect(result.outcome.status).toBe('applied');
    expect(
      result.events.some(
        (event) => event.kind === 'stage-finished' && /not changed since the last run/.test(event.detail),
      ),
    ).toBe(true);
    expect(plannedAgain(result)).toHaveLength(1);
    expect(await target.rows('SELECT v FROM home WHERE id IN (1, 20000)')).toEqual([
      ['newer'],
      ['old 20000'],
    ]);
  });
});

test('while nobody else writes, nothing is looked at twice', async () => {
  await using target = await remoteTarget();
  await fill(target);
  let marks = 0;
  const result = await pushTo(
    target,
    { home: wanted },
    { strategy: 'delta', around: countMarks(() => marks++) },
  );
  expect(result.outcome.status).toBe('applied');
  expect([marks, lookedAt(result)]).toEqual([1, 0]);
});

test('somebody writes to another table: the rows are looked at again, and the plan still stands', async () => {
  await using target = await remoteTarget();
  await fill(target);
  const around = beforeApply(() => target.run('INSERT INTO noise VALUES (1)'));
  const result = await pushTo(target, { home: wanted }, { strategy: 'delta', around });
  expect(result.outcome.status).toBe('applied');
  expect(plannedAgain(result)).toEqual([]);
  expect(lookedAt(result)).toBe(ROWS);
});

test('a few changes to a table too large to be compared inside the transaction: the rows that stay are watched', async () => {
  await using target = await remoteTarget();
  const extra = Array.from({ length: 18 }, (_, i) => `c${i}`);
  await fill(target);
  await target.run(...extra.map((name) => `ALTER TABLE home ADD COLUMN ${name}`));
  const rows = wanted.map((row, i) => ({ ...row, v: i === 7 ? 'changed' : `old ${i + 1}` }));
  const around = beforeApply(() => target.run(UNTOUCHED));
  const result = await pushTo(target, { home: rows }, { around });
  expect(result.outcome).toMatchObject({ status: 'applied', plan: { apply: { tables: ['inline'] } } });
  expect(plannedAgain(result)).toHaveLength(1);
  expect(await target.rows('SELECT v FROM home WHERE id IN (8, 20000) ORDER BY id')).toEqual([
    ['changed'],
    ['old 20000'],
  ]);
});
