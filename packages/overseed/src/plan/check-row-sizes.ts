/** A server refuses a row above its limit in the middle of the transaction; here it gets a name before anything happens. */
import { OverseedError } from '../model/error.ts';
import { listProblems, type Problem } from '../model/problem.ts';
import type { Column, Table } from '../model/schema.ts';
import { describeValue, type SqlValue } from '../model/value.ts';
import { joinBalanced } from '../sqlite/balanced.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import { quoteName } from '../util/sql.ts';
import { type Comparison, changesTable, sameKeyAsChange } from './comparison.ts';

/** What a cell adds to its row apart from its bytes, and what the row gains while it travels through a statement. */
const CELL_OVERHEAD = 10;
const ROW_OVERHEAD = 100;
/** More than one row in so many. */
const MANY = 4;

/**
 * A row is what the engine stores: its columns, and the generated ones that are STORED. A value that it computes when it
 * is read is not part of the row, but must keep within the same limit by itself.
 * @throws SOURCE_INVALID naming every row of more than `maxRowBytes` that would be written
 */
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
  const inRow = table.columns.filter(({ generated }) => generated !== 'virtual');
  const computed = table.columns.filter(({ generated }) => generated === 'virtual');
  const row = joinBalanced(inRow.map(sizeOf), '+');
  const rowLimit = maxRowBytes - inRow.length * CELL_OVERHEAD - ROW_OVERHEAD;
  const isTooLarge = [
    `${row}>${rowLimit}`,
    ...computed.map((column) => `${sizeOf(column)}>${maxRowBytes - ROW_OVERHEAD}`),
  ];
  const name = quoteName(table.name);
  const isAnyTooLarge = joinBalanced(isTooLarge, 'OR');
  // Looking at every row costs less than finding those that change, unless they are few.
  const areMany = plan.inserts + plan.updates > plan.rowsAfter / MANY;
  if (
    areMany &&
    database.count(`SELECT EXISTS (SELECT 1 FROM main.${name} AS r WHERE ${isAnyTooLarge})`) === 0
  )
    return [];
  // Without identity, all rows are looked at: those that do not change are on the target, and so are not too large.
  const from =
    table.key.length > 0
      ? `${changesTable(index)} AS c JOIN main.${name} AS r ON ${sameKeyAsChange(table, 'r', 'c')} WHERE c.kind<>'delete'`
      : `main.${name} AS r WHERE 1`;
  const columns = [...inRow, ...computed];
  const rowid = table.key.length === 0 ? rowidName(table) : undefined;
  const identity = [...table.key.map((key) => `r.${quoteName(key)}`), ...(rowid ? [`r.${rowid}`] : [])];
  const found = database.exactRows(
    [...columns.map(sizeOf), ...identity],
    `FROM ${from} AND (${isAnyTooLarge})`,
  );
  return [...found].map((cells) => {
    const bytes = cells.slice(0, columns.length).map(Number);
    const total = bytes.slice(0, inRow.length).reduce((sum, size) => sum + size, 0);
    const largest = bytes.indexOf(Math.max(...bytes));
    return {
      table: table.name,
      row: describeRow(table, cells.slice(columns.length)),
      ...(columns[largest] && { column: columns[largest].name }),
      message:
        total > rowLimit ? rowMessage(total, maxRowBytes) : valueMessage(bytes[largest] ?? 0, maxRowBytes),
    };
  });
}

function rowMessage(bytes: number, accepted: number): string {
  return bytes > accepted
    ? `makes a row of ${bytes} bytes, and the target accepts ${accepted}`
    : `makes a row of ${bytes} bytes; with what is stored beside them that is more than the ${accepted} the target accepts`;
}

function valueMessage(bytes: number, accepted: number): string {
  return `is computed to ${bytes} bytes, and the target accepts ${accepted}`;
}

/** Of texts and BLOBs, which stand above all numbers; the size of a number would be that of its digits, which take long to print. */
function sizeOf({ name }: Column): string {
  const cell = `r.${quoteName(name)}`;
  return `CASE WHEN ${cell}>='' THEN octet_length(${cell}) ELSE 0 END`;
}

/** By its key; without one, by its place in the source, which is the order in which the rows were built. */
function describeRow(table: Table, identity: readonly SqlValue[]): string {
  if (table.key.length > 0)
    return table.key.map((name, position) => `${name}=${plainText(identity[position])}`).join(', ');
  return identity.length > 0 ? `row ${identity[0]}` : 'a row';
}

function plainText(value: unknown): string {
  return typeof value === 'string' && value.length <= 60 ? value : describeValue(value);
}
