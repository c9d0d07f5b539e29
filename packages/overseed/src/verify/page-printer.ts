/** Rows of a local file as the pages that a target would print of them, in the order of the key. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { canBound, type KeyRange, orderByKey, whereInRange } from '../sqlite/key-range.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { isOddRow, packedRow } from '../sqlite/packed-rows.ts';
import { release } from '../util/release.ts';
import { quoteName } from '../util/sql.ts';

const FIRST_PAGE_ROWS = 1_000;
/** Small enough for the memory of one page to be used for the next. */
const PAGE_BYTES = 500_000;
const MAX_PAGE_ROWS = 20_000;

export interface PrintedPage {
  readonly range: KeyRange;
  /** As {@link digestOf} its text; undefined when that would not say exactly what the rows hold. */
  readonly digest: string | undefined;
  readonly rowCount: number;
}

/** Of a page: equal digests are equal texts. */
export function digestOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('base64');
}

export const module = import.meta.url;

export interface PrinterInput {
  readonly file: string;
  readonly tables: readonly Table[];
}

export function open({ file, tables }: PrinterInput) {
  const database = LocalDatabase.scratch(file);
  let pageRows = FIRST_PAGE_ROWS;
  return {
    /** The page of table number `index` that begins after a key. */
    page(index: number, after: KeyRange['after']): PrintedPage {
      const table = tables[index] as Table;
      const upTo = lastKey(database, table, after, pageRows);
      const range = { after, upTo };
      if (upTo && !canBound(upTo)) return { range, digest: undefined, rowCount: 0 };
      const { sql, args } = pageQuestion(table, range);
      // As bytes: the binding would end the process at a text that is not valid UTF-8.
      const [bytes, count, odd] =
        database.rows(`SELECT CAST(text AS BLOB), row_count, odd FROM (${sql})`, args)[0] ?? [];
      const text = bytes as Uint8Array<ArrayBuffer>;
      const rowCount = Number(count);
      pageRows = Math.min(
        MAX_PAGE_ROWS,
        Math.max(1, Math.ceil((PAGE_BYTES * Math.max(1, rowCount)) / text.length)),
      );
      const isExact = Number(odd) === 0 && isUtf8(text);
      const digest = isExact ? digestOf(text) : undefined;
      release(text);
      return { range, digest, rowCount };
    },
    [Symbol.dispose]: () => database.close(),
  };
}

/** One row: the page as JSON text, how many rows it has, how many of them are odd. The same SQL for both sides. */
export function pageQuestion(table: Table, range: KeyRange): { sql: string; args: SqlValue[] } {
  const args: SqlValue[] = [];
  const where = whereInRange(table, range, args);
  const sql = `SELECT json_group_array(${packedRow(table, 't')}) AS text, count(*) AS row_count, total(${isOddRow(table, 't')}) AS odd FROM ${rowsInOrder(table, where)}`;
  return { sql, args };
}

/**
 * A range of keys is read in their order anyhow, because that is how it is found; and should an engine find it otherwise,
 * its page is another, and proves nothing. A subquery would make sure, and copy every cell once more.
 */
function rowsInOrder(table: Table, where: string): string {
  const name = quoteName(table.name);
  if (where !== '') return `${name} AS t ${where}`;
  const columns = storedColumns(table).map((column) => quoteName(column.name));
  return `(SELECT ${columns.join(', ')} FROM ${name} ${orderByKey(table)}) AS t`;
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
