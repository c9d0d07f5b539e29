/** SQL of the apply batch, table by table. Values are bound; rows travel in VALUES lists of bounded size. */
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { bindRows } from '../sqlite/bind.ts';
import type { Statement } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';

/** A server accepts 32 766 parameters a statement; rows beyond that go into the next one. */
const MAX_PARAMETERS = 32_000;
const MAX_BYTES = 1_000_000;

/** Groups rows so that one statement can carry each group. */
export function* rowGroups(rows: Iterable<SqlValue[]>): Generator<SqlValue[][]> {
  let group: SqlValue[][] = [];
  let cells = 0;
  let bytes = 0;
  for (const row of rows) {
    const rowBytes = row.reduce<number>((sum, cell) => sum + sizeOf(cell), 0);
    if (group.length > 0 && (cells + row.length > MAX_PARAMETERS || bytes + rowBytes > MAX_BYTES)) {
      yield group;
      group = [];
      cells = 0;
      bytes = 0;
    }
    group.push(row);
    cells += row.length;
    bytes += rowBytes;
  }
  if (group.length > 0) yield group;
}

function sizeOf(value: SqlValue): number {
  if (typeof value === 'string') return value.length * 2;
  return value instanceof Uint8Array ? value.byteLength : 8;
}

/**
 * A statement that fails unless `found` (SQL of one number) equals `expected`. There is no RAISE outside triggers,
 * so it overflows: the absolute value of the smallest integer does not exist.
 */
export function assertEquals(found: string, expected: number, args: SqlValue[] = []): Statement {
  return {
    sql: `SELECT CASE WHEN found=? THEN 1 ELSE abs(-9223372036854775807-(found IS NOT NULL)) END FROM (SELECT (${found}) AS found)`,
    args: [BigInt(expected), ...args],
  };
}

export function assertRowCount(table: Table, expected: number): Statement {
  return assertEquals(`SELECT count(*) FROM ${quoteName(table.name)}`, expected);
}

/** Fails unless the table holds every one of `rows`, cell by cell with storage class. Needs a key. */
export function assertRowsPresent(table: Table, rows: readonly SqlValue[][]): Statement {
  const args: SqlValue[] = [];
  const values = bindRows(rows, args);
  const cells = storedColumns(table)
    .map(({ name }, index) => {
      const [live, wanted] = [`t.${quoteName(name)}`, `v.column${index + 1}`];
      return `${live} COLLATE BINARY IS ${wanted} AND typeof(${live})=typeof(${wanted})`;
    })
    .join(' AND ');
  const found = `SELECT count(*) FROM (VALUES ${values}) AS v JOIN ${quoteName(table.name)} AS t ON ${keyMatch(table, 't')} WHERE ${cells}`;
  // The expected number is the outermost parameter, and stands first in the text.
  return assertEquals(found, rows.length, args);
}

/** @param rows whole rows; only their keys are used */
export function deleteRows(table: Table, rows: readonly SqlValue[][]): Statement {
  const args: SqlValue[] = [];
  const positions = keyPositions(table);
  const keys = rows.map((row) => positions.map((position) => row[position] ?? null));
  const values = bindRows(keys, args);
  const name = quoteName(table.name);
  if (table.withoutRowid) {
    const columns = table.key.map(quoteName).join(',');
    return { sql: `DELETE FROM ${name} WHERE (${columns}) IN (VALUES ${values})`, args };
  }
  const match = table.key.map((key, index) => `t.${quoteName(key)} IS v.column${index + 1}`).join(' AND ');
  return {
    sql: `DELETE FROM ${name} WHERE rowid IN (SELECT t.rowid FROM (VALUES ${values}) AS v JOIN ${name} AS t ON ${match})`,
    args,
  };
}

/**
 * @param rows whole rows; the key finds the row, `changed` are the columns that are written
 */
export function updateRows(table: Table, rows: readonly SqlValue[][], changed: readonly string[]): Statement {
  const args: SqlValue[] = [];
  const values = bindRows(rows, args);
  const sets = changed
    .map((name) => `${quoteName(name)}=v.column${columnPosition(table, name) + 1}`)
    .join(', ');
  const name = quoteName(table.name);
  return {
    sql: `UPDATE ${name} SET ${sets} FROM (VALUES ${values}) AS v WHERE ${keyMatch(table, name)}`,
    args,
  };
}

export function insertRows(table: Table, rows: readonly SqlValue[][]): Statement {
  const args: SqlValue[] = [];
  const columns = storedColumns(table).map(({ name }) => quoteName(name));
  return {
    sql: `INSERT INTO ${quoteName(table.name)} (${columns.join(',')}) VALUES ${bindRows(rows, args)}`,
    args,
  };
}

function columnPosition(table: Table, name: string): number {
  return storedColumns(table).findIndex((column) => column.name === name);
}

function keyPositions(table: Table): number[] {
  return table.key.map((name) => columnPosition(table, name));
}

function keyMatch(table: Table, alias: string): string {
  return table.key
    .map((name) => `${alias}.${quoteName(name)} IS v.column${columnPosition(table, name) + 1}`)
    .join(' AND ');
}
