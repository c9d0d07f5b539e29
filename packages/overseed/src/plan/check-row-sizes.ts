/** A server refuses a row above its limit in the middle of the transaction; here it gets a name before anything happens. */
import { OverseedError } from '../model/error.ts';
import { listProblems, type Problem } from '../model/problem.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import { describeValue } from '../model/value.ts';
import { joinBalanced } from '../sqlite/balanced.ts';
import { quoteName } from '../util/sql.ts';
import { type Comparison, changesTable, sameKeyAsChange } from './comparison.ts';

/** What a cell adds to its row apart from its bytes, and what the row gains while it travels through a statement. */
const CELL_OVERHEAD = 10;
const ROW_OVERHEAD = 100;

/** @throws SOURCE_INVALID naming every row of more than `maxRowBytes` that would be written */
export function checkRowSizes(comparison: Comparison, maxRowBytes: number, source: string): void {
  const problems = comparison.scope.flatMap((table, index) =>
    tooLarge(comparison, table, index, maxRowBytes),
  );
  if (problems.length === 0) return;
  throw new OverseedError('SOURCE_INVALID', {
    what: `${source} has rows that are too large for the target:\n${listProblems(problems)}`,
    state: 'old',
    next: 'Shorten them, or keep large content in files and store its path.',
  });
}

function tooLarge(
  { database, tables }: Comparison,
  table: Table,
  index: number,
  maxRowBytes: number,
): Problem[] {
  const plan = tables[index];
  if (!plan || plan.inserts + plan.updates === 0) return [];
  const columns = storedColumns(table);
  const keyed = table.key.length > 0;
  const cells = columns.map(({ name }, position) => (keyed ? `r.${quoteName(name)}` : `c.c${position + 1}`));
  const sizes = cells.map((cell) => `coalesce(octet_length(${cell}),0)`);
  const limit = maxRowBytes - columns.length * CELL_OVERHEAD - ROW_OVERHEAD;
  const from = keyed
    ? `${changesTable(index)} AS c JOIN main.${quoteName(table.name)} AS r ON ${sameKeyAsChange(table, 'r', 'c')} WHERE c.kind<>'delete'`
    : `${changesTable(index)} AS c WHERE c.after>0`;
  const keyCells = table.key.map((name) => `r.${quoteName(name)}`);
  const rows = database.exactRows(
    [...sizes, ...keyCells],
    `FROM ${from} AND ${joinBalanced(sizes, '+')}>${limit}`,
  );
  return [...rows].map((row) => {
    const bytes = row.slice(0, columns.length).map(Number);
    const largest = columns[bytes.indexOf(Math.max(...bytes))];
    const key = table.key.map((name, position) => `${name}=${plainText(row[columns.length + position])}`);
    return {
      table: table.name,
      row: key.join(', ') || 'a row',
      ...(largest && { column: largest.name }),
      message: `makes a row of ${bytes.reduce((sum, size) => sum + size, 0)} bytes, and the target accepts ${maxRowBytes}`,
    };
  });
}

function plainText(value: unknown): string {
  return typeof value === 'string' && value.length <= 60 ? value : describeValue(value);
}
