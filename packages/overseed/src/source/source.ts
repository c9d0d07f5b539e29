/** PORT. A source of truth: tables, and their rows as SQLite values. */
import type { Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';

/** Something wrong with one value of a row, found before any engine saw it. */
export interface RowProblem {
  readonly column?: string;
  readonly value?: string;
  readonly message: string;
  /** More that is wrong with the same row. */
  readonly further?: readonly RowProblem[];
}

export interface SourceRow {
  /** By column name; a column that is absent gets the engine's default. */
  readonly values: ReadonlyMap<string, SqlValue>;
  readonly problems: readonly RowProblem[];
  /** A value could not be turned into one of the database: the row cannot be built. */
  readonly isBroken?: boolean;
  /** The row as a rule sees it; by default what `values` holds. */
  readonly view?: Readonly<Record<string, unknown>>;
  /** Where it is written: `posts.csv, line 14`. */
  readonly place?: string;
}

export interface StoredRows {
  readonly file: string;
  readonly table: string;
  readonly columns: readonly string[];
}

export interface SourceTable {
  readonly name: string;
  /** Columns that the source knows, with the type it expects; undefined when it takes whatever the target has. */
  readonly columns: readonly { readonly name: string; readonly type: string }[] | undefined;
  /** Number of rows there must be, if that was declared. */
  readonly expectedRows?: number;
  /** Where the very same rows lie in an SQLite file, for an engine that can read them there. */
  readonly stored?: StoredRows;
  /** @param table as the target has it: files of text have no types of their own, and take those of its columns */
  rows(table: Table): Iterable<SourceRow> | AsyncIterable<SourceRow>;
}

export interface Source {
  /** For messages: `db/seed.ts`, or a file name. */
  readonly label: string;
  /**
   * The rows were on a target once and go back as they were: also those that point to nothing. Where the target has got
   * columns since, which no backup can know, rows that are there keep what they hold in them.
   */
  readonly isBackup?: boolean;
  /** Whether somebody has written to what the rows are read from since it was opened; absent where nobody can tell. */
  hasMoved?(): boolean;
  readonly tables: readonly SourceTable[];
}
