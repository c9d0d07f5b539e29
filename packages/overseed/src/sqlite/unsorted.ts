/** Rows of one large table at a time that wait in a file of their own until they are put in by the order of their key. */
import { rmSync } from 'node:fs';
import type { Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { quoteName } from '../util/sql.ts';
import { insertSorted, type RowCopy } from './copy-rows.ts';
import type { LocalDatabase } from './local-database.ts';

const TABLE = 'rows';
export const UNSORTED_TABLE = `unsorted.${quoteName(TABLE)}`;

export function unsortedColumns(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `c${index}`);
}

export class Unsorted implements Disposable {
  readonly #database: LocalDatabase;
  readonly #file: string;

  /** Attaches the file, which is made when it is first needed. */
  constructor(database: LocalDatabase) {
    this.#database = database;
    this.#file = `${database.file}.unsorted`;
    database.run('ATTACH ? AS unsorted', [this.#file]);
    database.exec('PRAGMA unsorted.journal_mode=OFF; PRAGMA unsorted.synchronous=OFF');
  }

  /** Begins with no rows. The columns have no type: each value stays what it is. */
  begin(columnCount: number): void {
    this.#database.exec(
      `DROP TABLE IF EXISTS ${UNSORTED_TABLE}; CREATE TABLE ${UNSORTED_TABLE} (${unsortedColumns(columnCount).join(', ')})`,
    );
  }

  /** How to put them into `table`, for a connection of its own. @param names columns of the table */
  copyTo(table: Table, names: readonly string[]): RowCopy {
    return { fromFile: this.#file, fromTable: TABLE, columns: pairs(names), table };
  }

  /** Puts them into `table`. */
  moveTo(table: Table, names: readonly string[]): void {
    this.#database.run(insertSorted(table, pairs(names), UNSORTED_TABLE));
  }

  /** In the order in which they came. */
  rows(columnCount: number): Iterable<SqlValue[]> {
    return this.#database.exactRows(unsortedColumns(columnCount), `FROM ${UNSORTED_TABLE} ORDER BY rowid`);
  }

  [Symbol.dispose](): void {
    this.#database.exec('DETACH unsorted');
    rmSync(this.#file, { force: true });
  }
}

function pairs(names: readonly string[]): RowCopy['columns'] {
  const columns = unsortedColumns(names.length);
  return names.map((to, index) => ({ from: columns[index] as string, to }));
}
