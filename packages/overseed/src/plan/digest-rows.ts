/** Checksums of the rows of a file, independent of where they lie in it. */
import { createHash } from 'node:crypto';
import { keyMayBeNull, type Table } from '../model/schema.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { rowBytes } from '../sqlite/row-bytes.ts';
import { quoteName } from '../util/sql.ts';

export interface DigestTask {
  /** An SQLite file that nobody is writing to. */
  readonly file: string;
  readonly tables: readonly { readonly table: Table; readonly columns: readonly string[] }[];
}

/**
 * SHA-256 over the names of the columns, then over every row, in the order of the key; rows without a key are in the
 * order of their bytes.
 * @returns 64 hex digits a table
 */
export function digestRows({ file, tables }: DigestTask): string[] {
  using database = LocalDatabase.scratch(file);
  return tables.map(({ table, columns }) => {
    const hash = createHash('sha256').update(`${JSON.stringify(columns)}\n`);
    const row = rowBytes(columns.map((name) => `t.${quoteName(name)}`));
    const sql = `SELECT ${row} FROM ${quoteName(table.name)} AS t ORDER BY ${orderOf(database, table)}`;
    for (const [bytes] of database.iterate(sql)) hash.update(bytes as Uint8Array);
    return hash.digest('hex');
  });
}

export const module = import.meta.url;

/** For work apart. */
export function open(task: DigestTask) {
  return { digest: () => digestRows(task), [Symbol.dispose]: () => undefined };
}

/** Two keys that differ under their own collation differ byte by byte; the reverse need not be true. */
function orderOf(database: LocalDatabase, table: Table): string {
  const key = table.key.map((name) => `t.${quoteName(name)}`);
  const isNull = key.map((cell) => `${cell} IS NULL`).join(' OR ');
  const hasNull = () =>
    database.count(`SELECT EXISTS (SELECT 1 FROM ${quoteName(table.name)} AS t WHERE ${isNull})`) === 1;
  // NULLs do not say which row comes first.
  if (key.length === 0 || (keyMayBeNull(table) && hasNull())) return '1';
  return key.map((cell) => `${cell} COLLATE BINARY`).join(', ');
}
