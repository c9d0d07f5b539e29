/** What a full-text index takes in when it is rebuilt: all rows of its table, and all their text. */
import { storedColumns, type Table } from '../model/schema.ts';
import { joinBalanced } from '../sqlite/balanced.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { ask, type Target } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';
import type { Comparison } from './comparison.ts';
import type { SearchIndex } from './search-indexes.ts';

export interface Rebuild {
  readonly index: SearchIndex;
  readonly rows: number;
  readonly textBytes: number;
  /** Rows that are inserted, updated or deleted. */
  readonly changes: number;
}

/** And what is known of it, for those that are so large that it was asked. */
export interface SizedIndex extends Rebuild {
  /** It is in step, and will stay so if it is told of every row. */
  readonly canFollow: boolean;
  /** Another one with the same definition and rows is the same index. */
  readonly canBeAside: boolean;
}

/** So many rows say how much text there is in all; the count of the rows is exact. */
const SAMPLE_ROWS = 1_000;

/** The indexes that the changes of `comparison` put out of step. */
export function rebuildsOf(
  { database, scope, tables }: Comparison,
  indexes: readonly SearchIndex[],
): Rebuild[] {
  return indexes.flatMap((index) => {
    const read = scope.flatMap((table, position) => {
      const plan = tables[position];
      return plan && index.tables.includes(table.name) ? [{ table, plan }] : [];
    });
    const changes = read.reduce((sum, { plan }) => sum + plan.inserts + plan.updates + plan.deletes, 0);
    if (changes === 0) return [];
    const rows = read.reduce((sum, { plan }) => sum + plan.rowsAfter, 0);
    const textBytes = read.reduce(
      (sum, { table, plan }) => sum + plan.rowsAfter * textPerRow(database, table),
      0,
    );
    return [{ index, rows, textBytes: Math.round(textBytes), changes }];
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

/** Asks the target about those of them that `isWanted` accepts. */
export async function examineIndexes(
  rebuilds: readonly Rebuild[],
  { scope, tables }: Comparison,
  target: Target,
  isWanted: (rebuild: Rebuild) => boolean,
  signal: AbortSignal,
): Promise<SizedIndex[]> {
  const asked = rebuilds.filter((rebuild) => rebuild.index.entries !== undefined && isWanted(rebuild));
  const questions = asked.map(({ index: { name } }) => ({
    sql: `SELECT (SELECT count(*) FROM ${quoteName(`${name}_docsize`)}), (SELECT count(*) FROM ${quoteName(`${name}_config`)} WHERE k<>'version')`,
  }));
  const answers = asked.length > 0 ? await ask(target, questions, signal) : [];
  return rebuilds.map((rebuild) => {
    const [entries, settings] = answers[asked.indexOf(rebuild)]?.[0] ?? [];
    const position = tables.findIndex(({ table }) => table === rebuild.index.tables[0]);
    const isWhole = entries !== undefined && Number(entries) === tables[position]?.rowsBefore;
    const hasKey = scope[position] !== undefined && scope[position].key.length > 0;
    return {
      ...rebuild,
      // Without a key, nothing says which row is which.
      canFollow: isWhole && hasKey && rebuild.index.entries?.isFed === true,
      // What it was told to do otherwise than its definition says, a second one would not know.
      canBeAside: settings === 0n,
    };
  });
}
