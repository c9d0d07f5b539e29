/** SQL of the apply batch, table by table. Values are bound; rows travel in VALUES lists of bounded size. */
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { joinBalanced } from '../sqlite/balanced.ts';
import { bindRows } from '../sqlite/bind.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import { cellIdentity } from '../sqlite/same-cell.ts';
import { assertEquals } from '../target/assert-equals.ts';
import type { Statement } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';

export function assertRowCount(table: Table, expected: number): Statement {
  return assertEquals(`SELECT count(*) FROM ${quoteName(table.name)}`, expected);
}

/** Fails unless the table holds every one of `rows`, cell by cell with storage class. Needs a key. */
export function assertRowsPresent(table: Table, rows: readonly SqlValue[][]): Statement {
  const args: SqlValue[] = [];
  const values = bindRows(rows, args);
  const found = `SELECT count(*) FROM (VALUES ${values}) AS v JOIN ${quoteName(table.name)} AS t ON ${keyMatch(table)} WHERE ${rowMatch(table, 0)}`;
  // The expected number is the outermost parameter, and stands first in the text.
  return assertEquals(found, rows.length, args);
}

/** @param rows whole rows; only their keys are used */
export function deleteRows(table: Table, rows: readonly SqlValue[][]): Statement {
  const { condition, args } = keyIsAmong(table, quoteName(table.name), rows);
  return { sql: `DELETE FROM ${quoteName(table.name)} WHERE ${condition}`, args };
}

/** @param alias of the table @param rows whole rows; only their keys are used */
export function keyIsAmong(
  table: Table,
  alias: string,
  rows: readonly SqlValue[][],
): { condition: string; args: SqlValue[] } {
  const args: SqlValue[] = [];
  const positions = table.key.map((name) => columnPosition(table, name));
  const keys = rows.map((row) => positions.map((position) => row[position] ?? null));
  const values = bindRows(keys, args);
  const columns = table.key.map((name) => `${alias}.${quoteName(name)}`).join(',');
  // No key of a keyed table is NULL here, so IN finds every one: with NULLs a table counts as one without a key.
  return { condition: `(${columns}) IN (VALUES ${values})`, args };
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
  return {
    sql: `UPDATE OR ABORT ${quoteName(table.name)} AS t SET ${sets} FROM (VALUES ${values}) AS v WHERE ${keyMatch(table)}`,
    args,
  };
}

/** ABORT, whatever the schema says: an `ON CONFLICT REPLACE` there would drop rows in silence. */
export function insertRows(table: Table, rows: readonly SqlValue[][]): Statement {
  const args: SqlValue[] = [];
  const columns = storedColumns(table).map(({ name }) => quoteName(name));
  return {
    sql: `INSERT OR ABORT INTO ${quoteName(table.name)} (${columns.join(',')}) VALUES ${bindRows(rows, args)}`,
    args,
  };
}

/** Fails unless each of `rows` (led by a count) is in a table without identity exactly that often. */
export function assertCopies(table: Table, rows: readonly SqlValue[][]): Statement {
  const args: SqlValue[] = [];
  const values = bindRows(numbered(rows), args);
  const found = `SELECT count(*) FROM (SELECT 1 FROM (VALUES ${values}) AS v JOIN ${quoteName(table.name)} AS t ON ${rowMatch(table, 2)}
    GROUP BY v.column1, v.column2 HAVING count(*)=v.column2)`;
  return assertEquals(found, rows.length, args);
}

/** Takes every copy of each of `rows` (led by a count) out of a table without identity. */
export function deleteCopies(table: Table, rows: readonly SqlValue[][]): Statement {
  const args: SqlValue[] = [];
  const values = `(VALUES ${bindRows(numbered(rows), args)}) AS v`;
  const name = quoteName(table.name);
  const rowid = rowidName(table);
  // The join can build an index for itself; without a name for the rowid, every pair of rows is looked at.
  const where = rowid
    ? `${rowid} IN (SELECT t.${rowid} FROM ${values} JOIN ${name} AS t ON ${rowMatch(table, 2)})`
    : `EXISTS (SELECT 1 FROM ${values} WHERE ${rowMatch(table, 2)})`;
  return { sql: `DELETE FROM ${name}${rowid ? '' : ' AS t'} WHERE ${where}`, args };
}

function numbered(rows: readonly SqlValue[][]): SqlValue[][] {
  return rows.map((row, index) => [BigInt(index), ...row]);
}

function columnPosition(table: Table, name: string): number {
  return storedColumns(table).findIndex((column) => column.name === name);
}

/** The live row `t` has the key of `v`. */
function keyMatch(table: Table): string {
  return table.key
    .map((name) => `t.${quoteName(name)} IS v.column${columnPosition(table, name) + 1}`)
    .join(' AND ');
}

/** The live row `t` equals `v`, cell by cell; the cells of `v` begin after `skipped` others. */
function rowMatch(table: Table, skipped: number): string {
  const cells = storedColumns(table).map((column, index) => {
    const live = cellIdentity(`t.${quoteName(column.name)}`);
    const wanted = cellIdentity(`v.column${index + 1 + skipped}`);
    return live.map((part, position) => `${part} IS ${wanted[position]}`).join(' AND ');
  });
  return joinBalanced(cells, 'AND');
}
