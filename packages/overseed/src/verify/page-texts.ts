/** The desired rows as the text of their pages, in the order of the key. */
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { canBound, type KeyRange, orderByKey, whereInRange } from '../sqlite/key-range.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { isOddRow, packedRow } from '../sqlite/packed-rows.ts';
import { quoteName } from '../util/sql.ts';

const FIRST_PAGE_ROWS = 1_000;
const PAGE_CHARACTERS = 1_500_000;
const MAX_PAGE_ROWS = 20_000;

export interface PageText {
  readonly range: KeyRange;
  /** Undefined when it would not say exactly what the rows hold. */
  readonly text: string | undefined;
  readonly rowCount: number;
}

export const module = import.meta.url;

export interface PageTextsInput {
  readonly file: string;
  readonly tables: readonly Table[];
}

export function open({ file, tables }: PageTextsInput) {
  const database = LocalDatabase.scratch(file);
  let pageRows = FIRST_PAGE_ROWS;
  return {
    /** The page of table number `index` that begins after a key. */
    page(index: number, after: KeyRange['after']): PageText {
      const table = tables[index] as Table;
      const upTo = lastKey(database, table, after, pageRows);
      const range = { after, upTo };
      if (upTo && !canBound(upTo)) return { range, text: undefined, rowCount: 0 };
      const { sql, args } = pageQuestion(table, range);
      const [text, count, odd] = database.rows(sql, args)[0] ?? [];
      const rowCount = Number(count);
      const length = String(text).length;
      pageRows = Math.min(
        MAX_PAGE_ROWS,
        Math.max(1, Math.ceil((PAGE_CHARACTERS * Math.max(1, rowCount)) / length)),
      );
      return { range, text: Number(odd) === 0 ? String(text) : undefined, rowCount };
    },
    [Symbol.dispose]: () => database.close(),
  };
}

/** One row: the page as JSON text, how many rows it has, how many of them are odd. The same SQL for both sides. */
export function pageQuestion(table: Table, range: KeyRange): { sql: string; args: SqlValue[] } {
  const args: SqlValue[] = [];
  const names = storedColumns(table).map(({ name }) => quoteName(name));
  const rows = `(SELECT ${names.join(', ')} FROM ${quoteName(table.name)} ${whereInRange(table, range, args)} ${orderByKey(table)}) AS t`;
  const sql = `SELECT json_group_array(${packedRow(table, 't')}), count(*), total(${isOddRow(table, 't')}) FROM ${rows}`;
  return { sql, args };
}

/** Key of the last row of a page; null when the page ends where the table does. */
function lastKey(
  database: LocalDatabase,
  table: Table,
  after: KeyRange['after'],
  pageRows: number,
): readonly SqlValue[] | null {
  const args: SqlValue[] = [];
  const where = whereInRange(table, { after, upTo: null }, args);
  const rest = `FROM ${quoteName(table.name)} ${where} ${orderByKey(table)} LIMIT 1 OFFSET ?`;
  const rows = database.exactRows(table.key.map(quoteName), rest, [...args, BigInt(pageRows - 1)]);
  return [...rows][0] ?? null;
}
