/** Whatever somebody else changes between plan and apply is seen: planned again, and in the backup. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { OverseedError } from '../../packages/overseed/src/model/error.ts';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import {
  beforeApply,
  beforeEachApply,
  fileTarget,
  type PlainRow,
  type PushResult,
  pushTo,
  remoteTarget,
} from '../support/engine.ts';

const SCHEMA = [
  'CREATE TABLE t (id INTEGER PRIMARY KEY, v)',
  'CREATE TABLE still (id INTEGER PRIMARY KEY, v)',
  "INSERT INTO t VALUES (1,'old'),(2,'older'),(3,'same'),(4,'same too')",
  "INSERT INTO still VALUES (1,'still'),(2,'stiller')",
];
const wanted: Record<string, PlainRow[]> = {
  t: [
    { id: 1n, v: 'new' },
    { id: 3n, v: 'same' },
    { id: 4n, v: 'same too' },
    { id: 5n, v: 'new' },
  ],
  still: [
    { id: 1n, v: 'still' },
    { id: 2n, v: 'stiller' },
  ],
};
const T = 'SELECT id, v, typeof(v) FROM t ORDER BY id';
const STILL = 'SELECT id, v, typeof(v) FROM still ORDER BY id';
const NEW = [
  [1n, 'new', 'text'],
  [3n, 'same', 'text'],
  [4n, 'same too', 'text'],
  [5n, 'new', 'text'],
];

const warnings = ({ events }: PushResult) =>
  events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));

const targets = [
  { kind: 'remote', open: remoteTarget },
  { kind: 'file', open: fileTarget },
];
const ways = targets.flatMap((target) =>
  (['inline', 'delta', 'swap'] as const).map((strategy) => ({ ...target, strategy })),
);

describe.each(ways)(
  'on a $kind target, $strategy: right before the rows change, somebody',
  ({ open, strategy }) => {
    test.each([
      ['changes a cell that is going to be overwritten', 't', "UPDATE t SET v='theirs' WHERE id=1"],
      ['changes a row that is going to be deleted', 't', "UPDATE t SET v='theirs' WHERE id=2"],
      ['changes a row that was to stay', 't', "UPDATE t SET v='theirs' WHERE id=3"],
      [
        'swaps two values',
        't',
        "UPDATE t SET v=CASE id WHEN 3 THEN 'same too' ELSE 'same' END WHERE id IN (3, 4)",
      ],
      ['deletes and inserts, so that the counts stay', 't', 'UPDATE t SET id=77 WHERE id=2'],
      ['changes nothing but a storage class', 't', 'UPDATE t SET v=CAST(v AS BLOB) WHERE id=4'],
      ['changes a table of which no row was to change', 'still', "UPDATE still SET v='theirs' WHERE id=2"],
    ])('%s', async (_, table, theirs) => {
      await using target = await open();
      await target.run(...SCHEMA);
      let seen: SqlValue[][][] = [];
      const around = beforeApply(async () => {
        await target.run(theirs);
        seen = [await target.rows(T), await target.rows(STILL)];
      });
      const result = await pushTo(target, wanted, { strategy, around });
      expect(result.outcome.status).toBe('applied');
      expect(warnings(result)).toEqual([
        expect.stringMatching(new RegExp(`^${table} on .* was changed by somebody else .* Planning again`)),
      ]);
      expect(await target.rows(T)).toEqual(NEW);
      expect(await target.rows(STILL)).toEqual([
        [1n, 'still', 'text'],
        [2n, 'stiller', 'text'],
      ]);
      const file = result.outcome.status === 'applied' ? (result.outcome.backup ?? '') : '';
      using backup = new LocalDatabase(file);
      expect([backup.rows(T), backup.rows(STILL)].map(readable)).toEqual(seen.map(readable));
      expect(JSON.parse(await readFile(`${file}.json`, 'utf8'))).toMatchObject({
        tables: [{ name: 't', rows: 4 }, { name: 'still' }],
      });
      expect(await target.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%stage%'")).toEqual([]);
    });

    test('changes the rows each time: the push gives up, and takes nothing away from them', async () => {
      await using target = await open();
      await target.run(...SCHEMA);
      const around = beforeEachApply((attempt) =>
        target.run(`UPDATE t SET v='theirs ${attempt}' WHERE id=1`),
      );
      const push = pushTo(target, wanted, { strategy, around });
      await expect(push).rejects.toMatchObject({ code: 'TARGET_MOVED', state: 'old', exitCode: 3 });
      expect(await target.rows('SELECT id, v FROM t ORDER BY id')).toEqual([
        [1n, 'theirs 3'],
        [2n, 'older'],
        [3n, 'same'],
        [4n, 'same too'],
      ]);
      expect(await target.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%stage%'")).toEqual([]);
    });
  },
);

/** Bytes compare as text that a failing test can show. */
function readable(rows: SqlValue[][]): unknown[] {
  return rows.map((row) =>
    row.map((cell) => (cell instanceof Uint8Array ? Buffer.from(cell).toString() : cell)),
  );
}

describe('somebody else changes the schema right before the rows change', () => {
  const trigger = (table: string) => `CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM ${table}; END`;
  const otherTrigger = ['DROP TRIGGER tr', trigger('still')];

  test.each([
    ['delta', 'a trigger says something else', otherTrigger, 'DELETE FROM still'],
    ['swap', 'a trigger says something else', otherTrigger, 'DELETE FROM still'],
    ['swap', 'a view is new', ['CREATE VIEW seen AS SELECT v FROM t'], 'seen'],
  ] as const)('%s, %s: planned again, and it stays', async (strategy, _, theirs, sign) => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA, 'CREATE TABLE log (v)', trigger('log'));
    const around = beforeApply(() => target.run(...theirs));
    const result = await pushTo(target, wanted, { strategy, around });
    expect(result.outcome.status).toBe('applied');
    expect(warnings(result)).toEqual([
      expect.stringMatching(/^the schema on .* was changed by somebody else/),
    ]);
    const definitions = await target.rows('SELECT sql FROM sqlite_schema');
    expect(definitions.filter(([sql]) => String(sql).includes(sign))).toHaveLength(1);
    expect(await target.rows(T)).toEqual(NEW);
  });

  test.each([
    ['inline', 'a trigger says something else', otherTrigger, 'DELETE FROM still'],
    ['swap', 'an index is new', ['CREATE INDEX t_v ON t(v)'], 't_v'],
    ['swap', 'a column is new', ['ALTER TABLE t ADD COLUMN more'], 'more'],
  ] as const)('%s, %s: the push gives up, and it stays', async (strategy, _, theirs, sign) => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA, 'CREATE TABLE log (v)', trigger('log'));
    const around = beforeApply(() => target.run(...theirs));
    const error = await pushTo(target, wanted, { strategy, around }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'TARGET_MOVED', state: 'old' });
    expect((error as OverseedError).what).toMatch(/^the schema on .* was changed by somebody else/);
    const definitions = await target.rows('SELECT sql FROM sqlite_schema');
    expect(definitions.filter(([sql]) => String(sql).includes(sign))).toHaveLength(1);
    expect(await target.rows('SELECT v FROM t WHERE id=1')).toEqual([['old']]);
  });
});
