/** Checksums of the rows of a file, independent of where they lie in it. */
import { createHash } from 'node:crypto';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { rowBytes } from '../sqlite/row-bytes.ts';
import { quoteName } from '../util/sql.ts';

export interface DigestTask {
  /** An SQLite file that nobody is writing to. */
  readonly file: string;
  readonly tables: readonly { readonly table: string; readonly columns: readonly string[] }[];
}

/**
 * SHA-256 over the names of the columns, then over every row in the order of their bytes: the one order that every table
 * has, with a key or without. It is also the faster one where a key is not the rowid, because the engine then reads the
 * table from its beginning to its end.
 * @returns by table, 64 hex digits
 */
export function digestRows({ file, tables }: DigestTask): Map<string, string> {
  using database = LocalDatabase.scratch(file);
  const digests = new Map<string, string>();
  for (const { table, columns } of tables) {
    const hash = createHash('sha256').update(`${JSON.stringify(columns)}\n`);
    const row = rowBytes(columns.map((name) => `t.${quoteName(name)}`));
    const rows = database.iterate(`SELECT ${row} FROM ${quoteName(table)} AS t ORDER BY 1`);
    for (const [bytes] of rows) hash.update(bytes as Uint8Array);
    digests.set(table, hash.digest('hex'));
  }
  return digests;
}

export const module = import.meta.url;

/** For work apart. */
export function open(task: DigestTask) {
  return { digest: () => digestRows(task), [Symbol.dispose]: () => undefined };
}
