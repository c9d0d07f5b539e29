/** Putting a backup back where the schema has moved on, and where the old state was not a tidy one. */
import { describe, expect, test } from 'vitest';
import type { Event } from '../../packages/overseed/src/model/event.ts';
import {
  failureOf,
  fileTarget,
  type PlainRow,
  pushTo,
  remoteTarget,
  restoreTo,
  type TestTarget,
} from '../support/engine.ts';

const SCHEMA = [
  'CREATE TABLE town (id TEXT PRIMARY KEY, name TEXT)',
  'CREATE TABLE house (id INTEGER PRIMARY KEY, town TEXT REFERENCES town(id), price INTEGER, note TEXT)',
  'CREATE TABLE visit (day TEXT, who TEXT)',
];
const before: Record<string, PlainRow[]> = {
  town: [{ id: 'a', name: 'Nerja' }],
  house: [
    { id: 1n, town: 'a', price: 10n, note: 'one' },
    { id: 2n, town: 'a', price: 20n, note: 'two' },
  ],
  visit: [
    { day: 'monday', who: 'Ana' },
    { day: 'monday', who: 'Ana' },
  ],
};
const after: Record<string, PlainRow[]> = {
  town: [{ id: 'a', name: 'Nerja' }],
  house: [{ id: 1n, town: 'a', price: 99n, note: 'one' }],
  visit: [{ day: 'monday', who: 'Ana' }],
};

const targets = [
  { kind: 'remote', open: remoteTarget },
  { kind: 'file', open: fileTarget },
];

/** A target that holds `after`, and the backup of `before`. */
async function pushedTwice(open: () => Promise<TestTarget>) {
  const target = await open();
  await target.run(...SCHEMA);
  await pushTo(target, before);
  const { outcome } = await pushTo(target, after);
  const backup = outcome.status === 'applied' ? outcome.backup : undefined;
  if (backup === undefined) throw new Error('There must be a backup');
  return { target, backup };
}

const warnings = (events: readonly Event[]) =>
  events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));

describe.each(targets)('a $kind target whose schema has moved on', ({ open }) => {
  test('tables and columns that are gone, renamed or of another type are listed together, with what to do', async () => {
    const { target: pushed, backup } = await pushedTwice(open);
    await using target = pushed;
    await target.run(
      'ALTER TABLE town RENAME TO place',
      'ALTER TABLE house RENAME COLUMN note TO remark',
      'ALTER TABLE house DROP COLUMN price',
      "ALTER TABLE house ADD COLUMN owner TEXT NOT NULL DEFAULT ''",
      'DROP TABLE visit',
      'CREATE TABLE visit (day INTEGER, who TEXT, hour TEXT NOT NULL)',
    );
    const rows = await target.rows('SELECT * FROM house');
    const error = await failureOf(restoreTo(target, backup));
    expect(error).toMatchObject({ code: 'SCHEMA_MISSING', state: 'old', exitCode: 4 });
    const [first, ...differences] = error.what.split('\n');
    expect(first).toMatch(/^The schema of \S+ is not the one that the backup was made with:$/);
    expect(differences).toEqual([
      '  town: there is no such table (is it called place now?)',
      '  house.price: there is no such column',
      '  house.note: there is no such column',
      '  visit.day: is INTEGER there, TEXT in the source',
      '  visit.hour: is required there, and the source does not know it',
    ]);
    expect(error.next).toMatch(
      /^Bring these back on \S+ \(`sqlite3 the backup \.schema` prints how they were\)/,
    );
    expect(await target.rows('SELECT * FROM house')).toEqual(rows);
  });

  test('a renamed column is recognised by its place', async () => {
    const { target: pushed, backup } = await pushedTwice(open);
    await using target = pushed;
    await target.run(
      'ALTER TABLE house RENAME COLUMN town TO place',
      'ALTER TABLE house RENAME COLUMN note TO remark',
      'ALTER TABLE house ADD COLUMN owner TEXT',
    );
    const error = await failureOf(restoreTo(target, backup));
    expect(error.what).toContain('  house.town: there is no such column (is it called place now?)');
    expect(error.what).toContain('  house.note: there is no such column (is it called remark now?)');
  });

  test('a column that is computed now cannot take its old values', async () => {
    const { target: pushed, backup } = await pushedTwice(open);
    await using target = pushed;
    await target.run(
      'ALTER TABLE house DROP COLUMN note',
      "ALTER TABLE house ADD COLUMN note TEXT AS ('number ' || id)",
    );
    const error = await failureOf(restoreTo(target, backup));
    expect(error).toMatchObject({ code: 'SCHEMA_MISSING', exitCode: 4 });
    expect(error.what).toContain('  house.note: is computed there, and its values are in the source');
  });

  test('columns that were added: rows that are there keep what they hold, rows that come back get the default', async () => {
    const { target: pushed, backup } = await pushedTwice(open);
    await using target = pushed;
    await target.run(
      'ALTER TABLE house ADD COLUMN stars INTEGER',
      "ALTER TABLE house ADD COLUMN state TEXT NOT NULL DEFAULT 'new'",
      'ALTER TABLE house ADD COLUMN half REAL AS (stars / 2.0)',
      'ALTER TABLE visit ADD COLUMN hour TEXT',
      "UPDATE house SET stars=5, state='sold'",
      "UPDATE visit SET hour='noon'",
    );
    const { outcome } = await restoreTo(target, backup);
    expect(outcome.status).toBe('applied');
    expect(await target.rows('SELECT id, price, stars, state, half FROM house ORDER BY id')).toEqual([
      [1n, 10n, 5n, 'sold', 2.5],
      [2n, 20n, null, 'new', null],
    ]);
    expect(await target.rows('SELECT day, who, hour FROM visit ORDER BY hour')).toEqual([
      ['monday', 'Ana', null],
      ['monday', 'Ana', 'noon'],
    ]);
    expect((await restoreTo(target, backup)).outcome.status).toBe('unchanged');
  });

  test('a value that would be kept but points to a row that goes away is named, and nothing is changed', async () => {
    const { target: pushed, backup } = await pushedTwice(open);
    await using target = pushed;
    await target.run(
      "INSERT INTO town VALUES ('new', 'New town')",
      'ALTER TABLE house ADD COLUMN next_town TEXT REFERENCES town(id)',
      "UPDATE house SET next_town='new'",
    );
    const error = await failureOf(restoreTo(target, backup));
    expect(error).toMatchObject({ code: 'SOURCE_INVALID', state: 'old', exitCode: 4 });
    expect(error.what).toMatch(
      /that does not fit:\n {2}house\.next_town \(id=1\): "new" points to no row of town\.id/,
    );
    expect(await target.rows('SELECT id FROM town ORDER BY id')).toEqual([['a'], ['new']]);
  });

  test('rows that break a rule which is new are named, all at once', async () => {
    const { target: pushed, backup } = await pushedTwice(open);
    await using target = pushed;
    await target.run(
      'CREATE UNIQUE INDEX one_each ON visit(day, who)',
      'ALTER TABLE house RENAME TO old_house',
      'CREATE TABLE house (id INTEGER PRIMARY KEY, town TEXT, price INTEGER CHECK (price > 15), note TEXT)',
      'DROP TABLE old_house',
    );
    const error = await failureOf(restoreTo(target, backup));
    expect(error).toMatchObject({ code: 'SOURCE_INVALID', state: 'old', exitCode: 4 });
    expect(error.what).toContain('house (id=1): breaks the CHECK constraint price > 15');
    expect(error.what).toContain('visit.day+who (row 2): "monday", "Ana" is a duplicate');
  });
});

const ways = targets.flatMap((target) =>
  (['inline', 'delta', 'swap'] as const).map((strategy) => ({ ...target, strategy })),
);

describe.each(ways)(
  'a state with references to nothing, on a $kind target, $strategy',
  ({ open, strategy }) => {
    test('inside the backup: it goes back exactly as it was, and a warning names the rows', async () => {
      await using target = await open();
      await target.run(
        ...SCHEMA,
        "INSERT INTO town VALUES ('a','Nerja')",
        "INSERT INTO house VALUES (1,'a',1,null), (2,'gone',2,null), (3,null,3,null)",
      );
      const old = await target.rows('SELECT * FROM house ORDER BY id');
      const { outcome } = await pushTo(target, { town: before.town ?? [], house: [] });
      const { outcome: undone, events } = await restoreTo(target, backupOf(outcome), { strategy });
      expect(undone.status).toBe('applied');
      expect(await target.rows('SELECT * FROM house ORDER BY id')).toEqual(old);
      expect(warnings(events)).toEqual([
        '1 reference to nothing goes back as the backup holds it:\n  house.town (id=2): "gone" points to no row of town.id',
      ]);
      expect((await restoreTo(target, backupOf(outcome), { strategy })).outcome.status).toBe('unchanged');
    });

    test('to a table outside the backup: likewise, and a warning counts the rows', async () => {
      await using target = await open();
      await target.run(
        ...SCHEMA,
        "INSERT INTO town VALUES ('a','Nerja')",
        "INSERT INTO house VALUES (1,'a',1,null), (2,'gone',2,null)",
      );
      const old = await target.rows('SELECT * FROM house ORDER BY id');
      const { outcome } = await pushTo(target, { house: [] });
      // Since then, what the other row points to has gone too.
      await target.run('DELETE FROM town');
      const { outcome: undone, events } = await restoreTo(target, backupOf(outcome), { strategy });
      expect(undone.status).toBe('applied');
      expect(await target.rows('SELECT * FROM house ORDER BY id')).toEqual(old);
      expect(warnings(events)).toHaveLength(1);
      expect(warnings(events)[0]).toMatch(
        /^2 rows of house point to no row of town on \S+: the backup holds no town/,
      );
    });

    test('a push, in contrast, is refused: its source is wrong', async () => {
      await using target = await open();
      await target.run(...SCHEMA, "INSERT INTO town VALUES ('a','Nerja')");
      const house = [{ id: 2n, town: 'gone', price: 2n, note: null }];
      expect(await failureOf(pushTo(target, { house }, { strategy }))).toMatchObject({
        code: 'TARGET_REJECTED',
        state: 'old',
      });
      expect(await target.rows('SELECT count(*) FROM house')).toEqual([[0n]]);
    });
  },
);

function backupOf(outcome: Awaited<ReturnType<typeof pushTo>>['outcome']): string {
  if (outcome.status !== 'applied' || outcome.backup === undefined) throw new Error('There must be a backup');
  return outcome.backup;
}
