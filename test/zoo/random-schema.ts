/** Small schemas from a grammar, and states that obey them: whatever rows a schema refuses are left out. */
import fc from 'fast-check';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import type { PlainRow } from '../support/engine.ts';
import type { Rows } from './fixture.ts';
import { openDatabase } from './zoo-target.ts';

interface RandomColumn {
  readonly type: string;
  readonly rest: string;
}

interface RandomTable {
  readonly columns: readonly RandomColumn[];
  readonly key: 'none' | 'rowid' | 'first' | 'both' | 'without rowid';
  readonly unique: 'none' | 'plain' | 'pair' | 'partial' | 'expression';
  /** Number of a table that the last column refers to, if it has a key of one column. */
  readonly parent: number | undefined;
  readonly onDelete: string;
}

export interface RandomSchema {
  readonly ddl: readonly string[];
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
}

/** Names that are easy to get wrong. */
const NAMES = ['t', 'Order', 'a b', 'say "x"', '😀'];
const column = fc.record({
  type: fc.constantFrom('', 'INTEGER', 'TEXT', 'REAL', 'BLOB', 'NUMERIC'),
  rest: fc.constantFrom('', '', 'COLLATE NOCASE', 'COLLATE RTRIM', 'NOT NULL', "DEFAULT 'x'"),
});
const table: fc.Arbitrary<RandomTable> = fc.record({
  columns: fc.array(column, { minLength: 2, maxLength: 4 }),
  key: fc.constantFrom('none', 'rowid', 'first', 'both', 'without rowid'),
  unique: fc.constantFrom('none', 'plain', 'pair', 'partial', 'expression'),
  parent: fc.option(fc.nat(4), { nil: undefined }),
  onDelete: fc.constantFrom('', 'ON DELETE CASCADE', 'ON DELETE SET NULL', 'ON DELETE RESTRICT'),
});

export const randomSchema: fc.Arbitrary<RandomSchema> = fc
  .array(table, { minLength: 2, maxLength: 5 })
  .map((tables) => ({
    ddl: tables.flatMap((each, index) => ddlOf(each, index, tables)),
    tables: tables.map(({ columns }, index) => ({
      name: NAMES[index] ?? `t${index}`,
      columns: columns.map((_, position) => `c${position}`),
    })),
  }));

function ddlOf(each: RandomTable, index: number, tables: readonly RandomTable[]): string[] {
  const name = quote(NAMES[index] ?? `t${index}`);
  const columns = each.columns.map(({ type, rest }, position) =>
    position === 0 && each.key === 'rowid' ? 'c0 INTEGER PRIMARY KEY' : `c${position} ${type} ${rest}`,
  );
  if (each.key === 'first' || each.key === 'without rowid') columns.push('PRIMARY KEY (c0)');
  if (each.key === 'both') columns.push('PRIMARY KEY (c0, c1)');
  const parent = each.parent === undefined ? undefined : tables[each.parent % tables.length];
  if (each.parent !== undefined && parent && !['none', 'both'].includes(parent.key)) {
    const parentName = quote(NAMES[each.parent % tables.length] ?? '');
    columns.push(`FOREIGN KEY (c${each.columns.length - 1}) REFERENCES ${parentName} (c0) ${each.onDelete}`);
  }
  const index1 = `CREATE UNIQUE INDEX ${quote(`u ${index}`)} ON ${name}`;
  const unique: Record<RandomTable['unique'], string[]> = {
    none: [],
    plain: [`${index1} (c1)`],
    pair: [`${index1} (c1 DESC, c0)`],
    partial: [`${index1} (c1) WHERE c0 IS NOT NULL`],
    expression: [`${index1} (lower(c1))`],
  };
  return [
    `CREATE TABLE ${name} (${columns.join(', ')})${each.key === 'without rowid' ? ' WITHOUT ROWID' : ''}`,
    ...unique[each.unique],
  ];
}

const cell: fc.Arbitrary<SqlValue> = fc.oneof(
  fc.constantFrom<SqlValue>(
    null,
    'a',
    'A',
    'a ',
    'b',
    '',
    '1',
    '1.0',
    0n,
    1n,
    2n,
    3n,
    1,
    0.5,
    -0,
    new Uint8Array([97]),
  ),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.uint8Array({ maxLength: 4 }).map((values) => new Uint8Array(values)),
);

/** Raw rows, a list for each of five tables; {@link validState} makes a state of them. */
export const rawRows = fc.array(fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { maxLength: 12 }), {
  minLength: 5,
  maxLength: 5,
});

/** What the engine accepts of `raw`, exactly as it stores it. */
export function validState({ ddl, tables }: RandomSchema, raw: readonly (readonly SqlValue[][])[]): Rows {
  const database = openDatabase(':memory:');
  for (const sql of ddl) database.exec(sql);
  for (const [index, { name, columns }] of tables.entries()) {
    const insert = database.prepare(
      `INSERT OR IGNORE INTO ${quote(name)} VALUES (${columns.map(() => '?').join(', ')})`,
    );
    for (const row of raw[index] ?? []) {
      try {
        insert.run(columns.map((_, position) => row[position] ?? null));
      } catch (error) {
        // A key of the wrong type; every other refusal is ignored by the statement itself.
        if (!String(error).includes('datatype mismatch')) throw error;
      }
    }
  }
  dropDangling(database, tables);
  const state: Record<string, PlainRow[]> = {};
  for (const { name, columns } of tables) {
    const found = database
      .prepare(`SELECT * FROM ${quote(name)}`)
      .raw(true)
      .all() as SqlValue[][];
    state[name] = found.map((row) =>
      Object.fromEntries(columns.map((each, index) => [each, row[index] ?? null])),
    );
  }
  database.close();
  return state;
}

/** Deleting a dangling row may leave others dangling, so until there are none. */
function dropDangling(database: ReturnType<typeof openDatabase>, tables: RandomSchema['tables']): void {
  for (let found = true; found; ) {
    const violations = database
      .prepare('SELECT "table", rowid FROM pragma_foreign_key_check')
      .raw(true)
      .all();
    found = violations.length > 0;
    for (const [table, rowid] of violations as SqlValue[][]) {
      const { name } = tables.find((each) => each.name === table) ?? { name: String(table) };
      // A table without rowid does not say which row it is.
      if (rowid === null) database.exec(`DELETE FROM ${quote(name)}`);
      else database.prepare(`DELETE FROM ${quote(name)} WHERE rowid=?`).run([rowid ?? null]);
    }
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
