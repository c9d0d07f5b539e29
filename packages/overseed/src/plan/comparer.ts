/** The comparison of two files, wherever it runs. */
import type { Table } from '../model/schema.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { checkRowSizes } from './check-row-sizes.ts';
import { compareTables } from './compare-tables.ts';
import type { ComparisonResult } from './comparison.ts';

export interface CompareTask {
  readonly desiredFile: string;
  /** SQLite file with the same tables. */
  readonly actualFile: string;
  /** Path of a file to make. */
  readonly changesFile: string;
  readonly tables: readonly Table[];
  /** Rows above this are refused; undefined accepts any. */
  readonly maxRowBytes?: number | undefined;
  /** For messages: where the rows come from. */
  readonly source?: string;
}

export const module = import.meta.url;

export function open(task: CompareTask) {
  const { desiredFile, actualFile, changesFile, tables, maxRowBytes, source = 'the source' } = task;
  const database = LocalDatabase.scratch(desiredFile);
  return {
    /** @throws SOURCE_INVALID for rows above the limit */
    compare(): ComparisonResult {
      using comparison = compareTables(database, tables, actualFile, changesFile);
      if (maxRowBytes !== undefined) checkRowSizes(comparison, maxRowBytes, source);
      return { scope: comparison.scope, tables: comparison.tables };
    },
    [Symbol.dispose]: () => database.close(),
  };
}
