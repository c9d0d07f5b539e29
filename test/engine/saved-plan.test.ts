/** A plan that was looked at is pushed exactly, or refused: whatever moved since, on either side, is noticed and named. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import { readPlan } from '../../packages/overseed/src/saved-plan/read-plan.ts';
import type { SavedPlan } from '../../packages/overseed/src/saved-plan/saved-plan.ts';
import {
  beforeApply,
  fileTarget,
  type PlainRow,
  type PushOptions,
  pushTo,
  remoteTarget,
  type TestTarget,
} from '../support/engine.ts';

const SCHEMA = [
  'CREATE TABLE town (id TEXT PRIMARY KEY, name TEXT COLLATE NOCASE, area REAL, note)',
  'CREATE TABLE bag (x, y TEXT)',
  'CREATE TABLE audit (what TEXT)',
  `CREATE TRIGGER town_audit AFTER INSERT ON town BEGIN INSERT INTO audit VALUES (new.id); END`,
  "INSERT INTO town VALUES ('a','Nerja',0.1,1),('b','Ronda',2.5,NULL),('c','Gone',3.0,x'00')",
  "INSERT INTO bag VALUES (1,'a'),(1,'a'),(2,'b')",
];

type Tables = Record<string, readonly PlainRow[]>;

const WANTED = {
  town: [
    { id: 'a', name: 'Nerja', area: 0.1, note: 1n },
    { id: 'b', name: 'Ronda la Vieja', area: 2.5, note: null },
    { id: 'd', name: 'Frigiliana', area: 7, note: 'new' },
  ],
  bag: [
    { x: 1n, y: 'a' },
    { x: 2n, y: 'b' },
    { x: 3n, y: 'c' },
  ],
} satisfies Tables;

async function savePlan(
  target: TestTarget,
  tables: Tables = WANTED,
  options: PushOptions = {},
): Promise<SavedPlan> {
  const file = path.join(target.folder, 'plan.json');
  const { outcome, events } = await pushTo(target, tables, { dryRun: true, saveAs: file, ...options });
  expect(outcome.status).toBe('planned');
  expect(events).toContainEqual({ kind: 'plan-saved', file });
  return readPlan(file);
}

async function refusal(pushing: Promise<unknown>): Promise<OverseedError> {
  const error = await pushing.then(
    (result) => expect.unreachable(`it was not refused: ${JSON.stringify(result, textOfBigInt)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OverseedError);
  return error as OverseedError;
}

const textOfBigInt = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

async function everythingOf(target: TestTarget) {
  const schema = await target.rows('SELECT name, sql FROM sqlite_schema ORDER BY name');
  const cells = 'typeof(area), quote(area), typeof(note), quote(note)';
  return {
    schema,
    town: await target.rows(`SELECT id, name, ${cells} FROM town ORDER BY id`),
    bag: await target.rows('SELECT typeof(x), x, y FROM bag ORDER BY x, y'),
  };
}

async function openWith(open: () => Promise<TestTarget>, schema: readonly string[] = SCHEMA) {
  const target = await open();
  await target.run(...schema);
  return target;
}

const targets = [
  { kind: 'remote', open: remoteTarget },
  { kind: 'file', open: fileTarget },
];

describe.each(targets)('on a $kind target', ({ open }) => {
  test('where nothing moved, the plan is pushed; and once more, there is nothing to do', async () => {
    await using target = await openWith(open);
    const reviewed = await savePlan(target);
    expect(reviewed).toMatchObject({
      kind: 'overseed-plan',
      formatVersion: 1,
      source: 'the test',
      store: 'folder:media',
      tables: [
        { table: 'town', inserts: 1, updates: 1, deletes: 1, unchanged: 1, rowsBefore: 3, rowsAfter: 3 },
        { table: 'bag', inserts: 1, updates: 0, deletes: 1, unchanged: 2, rowsBefore: 3, rowsAfter: 3 },
      ],
      apply: { tables: ['inline', 'inline'] },
    });
    // Saving it has touched nothing, and left nothing beside it.
    expect(
      await target.rows("SELECT name FROM sqlite_schema WHERE name LIKE '\\_overseed%' ESCAPE '\\'"),
    ).toEqual([]);
    expect((await readdir(target.folder)).sort()).toEqual(['plan.json']);

    const { outcome, events } = await pushTo(target, WANTED, { reviewed });
    expect(outcome.status).toBe('applied');
    expect(events.filter((event) => event.kind === 'stage-started' && event.stage === 'digest')).toHaveLength(
      1,
    );
    expect((await pushTo(target, WANTED, { reviewed })).outcome.status).toBe('unchanged');
  });

  test('an ordinary push computes no fingerprints', async () => {
    await using target = await openWith(open);
    const { outcome, events } = await pushTo(target, WANTED);
    expect(outcome.status).toBe('applied');
    expect(Object.keys(outcome.plan)).not.toContain('basedOn');
    expect(events.some((event) => event.kind === 'stage-started' && event.stage === 'digest')).toBe(false);
  });

  const moves: { what: string; sql: string[]; says: string[] }[] = [
    {
      what: 'a REAL by its last bit',
      sql: ["UPDATE town SET area=0.1+1.0/72057594037927936.0 WHERE id='a'"],
      says: ['town on the target: 3 rows then and now, but other values'],
    },
    {
      what: 'a storage class, 1 to text',
      sql: ["UPDATE town SET note='1' WHERE id='a'"],
      says: [
        'town on the target: 3 rows then and now, but other values',
        'town: 1 insert, 1 update, 1 delete in the plan; 1 insert, 2 updates, 1 delete now',
      ],
    },
    {
      what: 'the case of a text that its collation does not see',
      sql: ["UPDATE town SET name='NERJA' WHERE id='a'"],
      says: ['town on the target: 3 rows then and now, but other values'],
    },
    {
      what: 'a row that is new',
      sql: ["INSERT INTO town VALUES ('e','Torrox',1.0,NULL)"],
      says: ['town on the target: 3 rows then, 4 now', '1 insert, 1 update, 2 deletes now'],
    },
    {
      what: 'a row that the plan would have deleted anyway',
      sql: ["DELETE FROM town WHERE id='c'"],
      says: ['town on the target: 3 rows then, 2 now'],
    },
    {
      what: 'how often a row is in a table without key',
      sql: ['DELETE FROM bag WHERE rowid=2', "INSERT INTO bag VALUES (2,'b')"],
      says: ['bag on the target: 3 rows then and now, but other values'],
    },
    {
      what: 'an index',
      sql: ['CREATE INDEX town_name ON town(name)'],
      says: ['town on the target: the table, an index or a trigger is defined otherwise'],
    },
    {
      what: 'a trigger',
      sql: ['DROP TRIGGER town_audit'],
      says: ['town on the target: the table, an index or a trigger is defined otherwise'],
    },
    {
      what: 'what a trigger does',
      sql: [
        'DROP TRIGGER town_audit',
        'CREATE TRIGGER town_audit AFTER INSERT ON town BEGIN DELETE FROM audit; END',
      ],
      says: ['town on the target: the table, an index or a trigger is defined otherwise'],
    },
    {
      what: 'a column',
      sql: ['ALTER TABLE bag ADD COLUMN z'],
      says: ['bag on the target: the table, an index or a trigger is defined otherwise'],
    },
  ];

  test.each(moves)('$what moved on the target: the push is refused and says so', async ({ sql, says }) => {
    await using target = await openWith(open);
    const reviewed = await savePlan(target);
    await target.run(...sql);
    const before = await everythingOf(target);
    const error = await refusal(pushTo(target, WANTED, { reviewed }));
    expect(error).toMatchObject({ code: 'PLAN_STALE', exitCode: 3, state: 'old' });
    expect(error.what).toContain(`is stale, ${await labelOf(target)} has changed since:`);
    for (const text of says) expect(error.what).toContain(text);
    // Not even a lease was taken.
    expect(await everythingOf(target)).toEqual(before);
  });

  test('where a REAL moved by its last bit, it did move', async () => {
    await using target = await openWith(open);
    await target.run("UPDATE town SET area=0.1+1.0/72057594037927936.0 WHERE id='a'");
    expect(await target.rows("SELECT area FROM town WHERE id='a'")).toEqual([[0.10000000000000002]]);
  });

  const sources: { what: string; tables: Tables; says: string }[] = [
    {
      what: 'a value',
      tables: { ...WANTED, town: WANTED.town.map((row) => (row.id === 'd' ? { ...row, area: 7.5 } : row)) },
      says: 'town in the source: 3 rows then and now, but other values',
    },
    {
      what: 'a row that stays as it is on the target',
      tables: { ...WANTED, town: WANTED.town.slice(1) },
      says: 'town in the source: 3 rows then, 2 now',
    },
    {
      what: 'a row of a table without key, twice instead of another',
      tables: { ...WANTED, bag: [...WANTED.bag.slice(0, 2), { x: 1n, y: 'a' }] },
      says: 'bag in the source: 3 rows then and now, but other values',
    },
    {
      what: 'a table that is gone',
      tables: { town: WANTED.town },
      says: 'bag is in the plan, and no longer in the source',
    },
    {
      what: 'a table that is new',
      tables: { ...WANTED, audit: [] },
      says: 'audit is in the source, and not in the plan',
    },
  ];

  test.each(sources)(
    '$what moved in the source: the push is refused and says so',
    async ({ tables, says }) => {
      await using target = await openWith(open);
      const reviewed = await savePlan(target);
      const before = await everythingOf(target);
      const error = await refusal(pushTo(target, tables, { reviewed }));
      expect(error).toMatchObject({ code: 'PLAN_STALE', state: 'old' });
      expect(error.what).toContain('is stale, the test says something else now:');
      expect(error.what).toContain(says);
      expect(error.next).toContain('If nobody changed the source');
      expect(await everythingOf(target)).toEqual(before);
    },
  );

  test('both sides moved: both are named', async () => {
    await using target = await openWith(open);
    const reviewed = await savePlan(target);
    await target.run("UPDATE bag SET y='z' WHERE x=2");
    const error = await refusal(pushTo(target, { ...WANTED, town: [] }, { reviewed }));
    expect(error.what).toContain('and the test have changed since:');
    expect(error.what).toContain('bag on the target: 3 rows then and now, but other values');
    expect(error.what).toContain('town in the source: 3 rows then, 0 now');
    expect(error.next).not.toContain('If nobody changed the source');
  });

  test.each(['inline', 'delta', 'swap'] as const)(
    'moved after the check, before it is applied (%s): it does not plan again in silence, it is refused',
    async (strategy) => {
      await using target = await openWith(open);
      const reviewed = await savePlan(target, WANTED, { strategy });
      let before: unknown;
      const around = beforeApply(async () => {
        await target.run("INSERT INTO town VALUES ('e','Torrox',1.0,NULL)");
        before = await target.rows('SELECT * FROM town ORDER BY id');
      });
      const error = await refusal(pushTo(target, WANTED, { reviewed, strategy, around }));
      expect(error.code).toBe('PLAN_STALE');
      expect(error.what).toContain('town on the target: 3 rows then, 4 now');
      expect(await target.rows('SELECT * FROM town ORDER BY id')).toEqual(before);
      // Without a saved plan the same push plans again, and goes on.
      expect((await pushTo(target, WANTED, { strategy })).outcome.status).toBe('applied');
    },
  );

  test('another run that changed nothing is no reason to refuse', async () => {
    await using target = await openWith(open);
    await pushTo(target, { bag: [] });
    const reviewed = await savePlan(target);
    let isFirst = true;
    const { outcome, events } = await pushTo(target, WANTED, {
      reviewed,
      around: (opened) => ({
        ...opened,
        async write(steps, signal) {
          // As if somebody had taken the lease and given it back, right before this run takes it.
          if (isFirst) await target.run('UPDATE _overseed_lease SET fence=fence+1');
          isFirst = false;
          return opened.write(steps, signal);
        },
      }),
    });
    expect(events.some((event) => event.kind === 'warning' && /Planning again/.test(event.message))).toBe(
      true,
    );
    expect(outcome.status).toBe('applied');
  });

  test('the order in which rows come does not matter', async () => {
    await using target = await openWith(open);
    const reviewed = await savePlan(target);
    const other = { town: WANTED.town.toReversed(), bag: WANTED.bag.toReversed() };
    await target.run('UPDATE bag SET rowid=rowid+100', 'UPDATE bag SET rowid=1 WHERE x=2');
    expect((await pushTo(target, other, { reviewed })).outcome.status).toBe('applied');
  });

  test('a column that gets a value of the moment makes no plan stale', async () => {
    await using target = await openWith(open, [
      'CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, made DEFAULT (random()))',
      "INSERT INTO t VALUES (1,'old',5),(2,'old',6)",
    ]);
    const tables = {
      t: [
        { id: 1n, v: 'new' },
        { id: 3n, v: 'new' },
      ],
    };
    const reviewed = await savePlan(target, tables);
    expect((await pushTo(target, tables, { reviewed })).outcome.status).toBe('applied');
    expect(await target.rows('SELECT made FROM t WHERE id=1')).toEqual([[5n]]);
    // What such a column holds on the target counts, as anything that is there.
    const again = await savePlan(target, { t: [] });
    await target.run('UPDATE t SET made=7 WHERE id=1');
    expect((await refusal(pushTo(target, { t: [] }, { reviewed: again }))).code).toBe('PLAN_STALE');
  });

  describe('with rows of other tables that depend on those that go', () => {
    const schema = [
      'CREATE TABLE house (id INTEGER PRIMARY KEY)',
      'CREATE TABLE visit (id INTEGER PRIMARY KEY, house REFERENCES house(id) ON DELETE CASCADE, day TEXT)',
      'INSERT INTO house VALUES (1),(2)',
      "INSERT INTO visit VALUES (1,1,'monday')",
    ];
    const tables = { house: [{ id: 2n }] };
    const allowCascade = ['visit'];

    test('a dependant that came later is named', async () => {
      await using target = await openWith(open, schema);
      await target.run('DELETE FROM visit');
      const reviewed = await savePlan(target, tables);
      await target.run("INSERT INTO visit VALUES (1,1,'monday')");
      const error = await refusal(pushTo(target, tables, { reviewed }));
      expect(error.code).toBe('PLAN_STALE');
      expect(error.what).toContain('not in the plan: visit: 1 row would be deleted');
    });

    test('a table that follows is part of the plan, with every row', async () => {
      await using target = await openWith(open, schema);
      const reviewed = await savePlan(target, tables, { allowCascade });
      const other = await refusal(pushTo(target, tables, { reviewed }));
      expect(other.what).toContain('visit follows in the plan, and not in this push');
      await target.run("UPDATE visit SET day='friday'");
      const moved = await refusal(pushTo(target, tables, { reviewed, allowCascade }));
      expect(moved.what).toContain('visit on the target: 1 row then and now, but other values');
      expect(moved.what).not.toContain('in the source');
      await target.run("UPDATE visit SET day='monday'");
      expect((await pushTo(target, tables, { reviewed, allowCascade })).outcome.status).toBe('applied');
    });
  });

  test('without consent a plan is not one: data that is there stays', async () => {
    await using target = await openWith(open);
    const reviewed = await savePlan(target);
    const { outcome } = await pushTo(target, WANTED, { reviewed, consent: 'keep-data' });
    expect(outcome.status).toBe('refused');
  });

  test('a dry run says whether a plan still holds', async () => {
    await using target = await openWith(open);
    const reviewed = await savePlan(target);
    expect((await pushTo(target, WANTED, { reviewed, dryRun: true })).outcome.status).toBe('planned');
    await target.run('DELETE FROM bag');
    expect((await refusal(pushTo(target, WANTED, { reviewed, dryRun: true }))).code).toBe('PLAN_STALE');
  });

  test('a plan of another target or store is refused before anything is asked', async () => {
    await using target = await openWith(open);
    const reviewed = await savePlan(target);
    for (const [other, says] of [
      [{ ...reviewed, target: 'elsewhere' }, /made for elsewhere, and this is/],
      [
        { ...reviewed, store: 'cloudinary:demo' },
        /stores files in cloudinary:demo, and this run in folder:media/,
      ],
    ] as const) {
      const error = await refusal(
        pushTo(target, WANTED, {
          reviewed: other,
          around: (opened) => ({ ...opened, snapshot: () => expect.unreachable('the target was asked') }),
        }),
      );
      expect(error).toMatchObject({ code: 'PLAN_INVALID', exitCode: 4, state: 'not-contacted' });
      expect(error.what).toMatch(says);
    }
  });

  test('a plan that shows other numbers than its fingerprints lead to is refused', async () => {
    await using target = await openWith(open);
    const reviewed = await savePlan(target);
    const [town, ...others] = reviewed.tables;
    if (!town) return expect.unreachable();
    const harmless = { ...town, updates: 0, unchanged: 2, changedColumns: [] };
    for (const [changed, says] of [
      [
        { tables: [harmless, ...others] },
        'town: 1 insert, 0 updates, 1 delete in the plan; 1 insert, 1 update, 1 delete now',
      ],
      [
        { tables: [{ ...town, changedColumns: [{ column: 'area', rows: 1 }] }, ...others] },
        'town: other numbers of rows, or of changed columns',
      ],
      [
        { apply: { ...reviewed.apply, tables: ['none', 'inline'] as const } },
        'town: applied as none in the plan; as inline now',
      ],
      [{ apply: { ...reviewed.apply, estimatedRowsWritten: 1 } }, 'about 1 row written in the plan'],
    ] as const) {
      const error = await refusal(pushTo(target, WANTED, { reviewed: { ...reviewed, ...changed } }));
      expect(error).toMatchObject({ code: 'PLAN_INVALID', exitCode: 4, state: 'old' });
      expect(error.what).toContain(says);
    }
    expect((await pushTo(target, WANTED, { reviewed })).outcome.status).toBe('applied');
  });
});

test('large inputs are read in threads of their own, to the same fingerprints', async () => {
  await using target = await openWith(fileTarget, ['CREATE TABLE t (id TEXT PRIMARY KEY, v REAL)']);
  const rows = Array.from({ length: 25_000 }, (_, id) => ({ id: `row ${id}`, v: id / 7 }));
  const reviewed = await savePlan(target, { t: rows });
  expect((await refusal(pushTo(target, { t: rows.slice(1) }, { reviewed }))).what).toContain(
    't in the source: 25000 rows then, 24999 now',
  );
  expect((await pushTo(target, { t: rows.toReversed() }, { reviewed })).outcome.status).toBe('applied');

  const stopped = new AbortController();
  const stopping = pushTo(
    target,
    { t: rows.slice(1) },
    {
      reviewed,
      signal: stopped.signal,
      onEvent: (event) => {
        if (event.kind === 'stage-started' && event.stage === 'digest') stopped.abort(new Error('stopped'));
      },
    },
  );
  await expect(stopping).rejects.toThrow('stopped');
});

async function labelOf(target: TestTarget): Promise<string> {
  await using opened = target.open();
  return opened.label;
}
