/** Rows that lie in another SQLite file already, put into the desired one by the engine itself. */
import type { Table } from '../model/schema.ts';
import { foldName } from '../util/fold-name.ts';
import { quoteName } from '../util/sql.ts';
import type { LocalDatabase } from './local-database.ts';

export interface RowCopy {
  readonly fromFile: string;
  readonly fromTable: string;
  /** Columns of `fromTable`, with the name of each in `table`. */
  readonly columns: readonly { readonly from: string; readonly to: string }[];
  readonly table: Table;
}

/**
 * Copies all rows, or none. In the order of the key: so the index of the key grows at its end instead of all over, and
 * whoever reads in that order later reads the file from front to back.
 * @returns number of rows
 * @throws EngineError when the engine refuses one
 */
export function copyRows(database: LocalDatabase, { fromFile, fromTable, columns, table }: RowCopy): number {
  // What fails half-way leaves no row, which takes a journal.
  database.exec('PRAGMA journal_mode=MEMORY');
  database.run('ATTACH ? AS origin', [fromFile]);
  try {
    return database.run(insertSorted(table, columns, `origin.${quoteName(fromTable)}`));
  } finally {
    database.exec('DETACH origin; PRAGMA journal_mode=OFF');
  }
}

/** @param from as SQL */
export function insertSorted(table: Table, columns: RowCopy['columns'], from: string): string {
  const to = columns.map((column) => quoteName(column.to)).join(', ');
  const cells = columns.map((column) => quoteName(column.from)).join(', ');
  const byName = new Map(columns.map((column) => [foldName(column.to), column.from]));
  // The plus keeps an index away: rows are sorted, instead of looked up one by one all over the file.
  const order = table.key
    .map((name) => byName.get(foldName(name)))
    .map((name) => (name === undefined ? '1' : `+${quoteName(name)}`))
    .join(', ');
  return `INSERT OR ABORT INTO main.${quoteName(table.name)} (${to}) SELECT ${cells} FROM ${from} ${order && `ORDER BY ${order}`}`;
}
