/** Whether all texts of a table in a file of the user's are UTF-8, as they ought to be. */
import { isUtf8 } from 'node:buffer';
import type { SqlValue } from '../model/value.ts';
import { release } from '../util/release.ts';
import { quoteName } from '../util/sql.ts';
import { joinBalanced } from './balanced.ts';
import { LocalDatabase } from './local-database.ts';
import { rowidName } from './rowid-name.ts';

const ROWS_AT_ONCE = 2_000;

export const module = import.meta.url;

export interface TextsInput {
  readonly file: string;
  readonly table: string;
  readonly columns: readonly string[];
}

export function open({ file, table, columns }: TextsInput) {
  const database = LocalDatabase.scratch(':memory:');
  database.run('ATTACH ? AS origin', [file]);
  return {
    areUtf8: (): boolean => areUtf8(database, table, columns),
    [Symbol.dispose]: () => database.close(),
  };
}

/** The local binding ends the whole process when it reads a text as text that is none. As bytes, it can be looked at. */
function areUtf8(database: LocalDatabase, fromTable: string, columns: readonly string[]): boolean {
  const cells = columns.map(quoteName);
  // Texts stand above all numbers and below all BLOBs.
  const texts = joinBalanced(
    cells.map((cell) => `CASE WHEN ${cell}>='' AND ${cell}<x'' THEN ${cell}||'|' ELSE '' END`),
    '||',
  );
  const rowid = rowidOfOrigin(database, fromTable);
  if (rowid === undefined) {
    const rows = database.iterate(`SELECT CAST(${texts} AS BLOB) FROM origin.${quoteName(fromTable)}`);
    for (const [bytes] of rows) if (!isText(bytes)) return false;
    return true;
  }
  // Many rows in one value, because each value that is handed out costs more than the looking.
  const page = `SELECT CAST(group_concat(text, '') AS BLOB), max(row) FROM
    (SELECT ${rowid} AS row, ${texts} AS text FROM origin.${quoteName(fromTable)} WHERE ${rowid}>? ORDER BY ${rowid} LIMIT ${ROWS_AT_ONCE})`;
  const first = `SELECT min(${rowid})-1 FROM origin.${quoteName(fromTable)}`;
  let after = database.rows(first)[0]?.[0] ?? null;
  while (after !== null) {
    const [bytes, last] = database.rows(page, [after])[0] ?? [];
    if (!isText(bytes)) return false;
    after = last ?? null;
  }
  return true;
}

function isText(cell: SqlValue | undefined): boolean {
  if (!(cell instanceof Uint8Array)) return true;
  const is = isUtf8(cell);
  release(cell as Uint8Array<ArrayBuffer>);
  return is;
}

/** A name of the rowid of the table as it is there; undefined when it has none. */
function rowidOfOrigin(database: LocalDatabase, name: string): string | undefined {
  const [kind] = database.rows("SELECT wr FROM pragma_table_list WHERE schema='origin' AND name=?", [name]);
  const columns = database.rows("SELECT name, '', 0 FROM pragma_table_xinfo(?, 'origin')", [name]);
  return rowidName({
    withoutRowid: kind?.[0] !== 0n,
    columns: columns.map(([column]) => ({ name: String(column) })),
  });
}
