/** What a full-text index takes in when it is rebuilt: all rows of its table, and all their text. */
import { storedColumns, type Table } from '../model/schema.ts';
import { joinBalanced } from '../sqlite/balanced.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { quoteName } from '../util/sql.ts';
import type { Comparison } from './comparison.ts';
import type { SearchIndex } from './search-indexes.ts';

export interface Rebuild {
  readonly name: string;
  readonly rows: number;
  readonly textBytes: number;
}

/** So many rows say how much text there is in all; the count of the rows is exact. */
const SAMPLE_ROWS = 1_000;

/** The indexes that the changes of `comparison` put out of step. */
export function rebuildsOf(
  { database, scope, tables }: Comparison,
  indexes: readonly SearchIndex[],
): Rebuild[] {
  return indexes.flatMap(({ name, tables: names }) => {
    const read = scope.flatMap((table, index) => {
      const plan = tables[index];
      return plan && names.includes(table.name) ? [{ table, plan }] : [];
    });
    if (!read.some(({ plan }) => plan.inserts + plan.updates + plan.deletes > 0)) return [];
    const rows = read.reduce((sum, { plan }) => sum + plan.rowsAfter, 0);
    const textBytes = read.reduce(
      (sum, { table, plan }) => sum + plan.rowsAfter * textPerRow(database, table),
      0,
    );
    return [{ name, rows, textBytes: Math.round(textBytes) }];
  });
}

/** Bytes, on average. Which of the columns the index reads is not looked at: those with much text are the likely ones. */
function textPerRow(database: LocalDatabase, table: Table): number {
  const sizes = storedColumns(table).map(
    ({ name }) =>
      `CASE typeof(${quoteName(name)}) WHEN 'text' THEN octet_length(${quoteName(name)}) ELSE 0 END`,
  );
  return database.count(
    `SELECT avg(bytes) FROM (SELECT ${joinBalanced(sizes, '+')} AS bytes FROM main.${quoteName(table.name)} LIMIT ${SAMPLE_ROWS})`,
  );
}
