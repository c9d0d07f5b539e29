/** Rows that lie in another SQLite file already, put into the desired one by the engine itself. */
import { isUtf8 } from 'node:buffer';
import type { Table } from '../model/schema.ts';
import { foldName } from '../util/fold-name.ts';
import { quoteName } from '../util/sql.ts';
import { joinBalanced } from './balanced.ts';
import type { LocalDatabase } from './local-database.ts';
import { rowidName } from './rowid-name.ts';

export interface RowCopy {
  readonly fromFile: string;
  readonly fromTable: string;
  /** Columns of `fromTable`, with the name of each in `table`. */
  readonly columns: readonly { readonly from: string; readonly to: string }[];
  readonly table: Table;
  /** Whether the texts come from elsewhere and may not be valid UTF-8. */
  readonly checkText?: boolean;
}

/**
 * Copies all rows, or none. In the order of the key: so the index of the key grows at its end instead of all over, and
 * whoever reads in that order later reads the file from front to back.
 * @returns number of rows
 * @throws EngineError when the engine refuses one, or a text is not valid UTF-8
 */
export function copyRows(
  database: LocalDatabase,
  { fromFile, fromTable, columns, table, checkText = false }: RowCopy,
): number {
  // What fails half-way leaves no row, which takes a journal.
  database.exec('PRAGMA journal_mode=MEMORY');
  database.run('ATTACH ? AS origin', [fromFile]);
  try {
    if (checkText) requireText(database, fromTable, columns);
    return database.run(insertSorted(table, columns, `origin.${quoteName(fromTable)}`));
  } finally {
    database.exec('DETACH origin; PRAGMA journal_mode=OFF');
  }
}

/** @param from as SQL */
export function insertSorted(table: Table, columns: RowCopy['columns'], from: string): string {
  const to = columns.map((column) => quoteName(column.to)).join(', ');
  const cells = columns.map((column) => quoteName(column.from)).join(', ');
  const byName = new Map(columns.map((column) => [foldName(column.to), column.from]));
  // The plus keeps an index away: rows are sorted, instead of looked up one by one all over the file.
  const order = table.key
    .map((name) => byName.get(foldName(name)))
    .map((name) => (name === undefined ? '1' : `+${quoteName(name)}`))
    .join(', ');
  return `INSERT OR ABORT INTO main.${quoteName(table.name)} (${to}) SELECT ${cells} FROM ${from} ${order && `ORDER BY ${order}`}`;
}

const ROWS_AT_ONCE = 2_000;

/** The local binding ends the whole process when it reads such a text as text. As bytes, it can be looked at. */
function requireText(database: LocalDatabase, fromTable: string, columns: RowCopy['columns']): void {
  const cells = columns.map(({ from }) => quoteName(from));
  const texts = joinBalanced(
    cells.map((cell) => `CASE typeof(${cell}) WHEN 'text' THEN ${cell}||'|' ELSE '' END`),
    '||',
  );
  const rowid = rowidOfOrigin(database, fromTable);
  if (rowid === undefined) {
    const rows = database.iterate(`SELECT CAST(${texts} AS BLOB) FROM origin.${quoteName(fromTable)}`);
    for (const [bytes] of rows) if (!isUtf8(bytes as Uint8Array)) throw notText();
    return;
  }
  // Many rows in one value, because each value that is handed out costs more than the looking.
  const page = `SELECT CAST(group_concat(text, '') AS BLOB), max(row) FROM
    (SELECT ${rowid} AS row, ${texts} AS text FROM origin.${quoteName(fromTable)} WHERE ${rowid}>? ORDER BY ${rowid} LIMIT ${ROWS_AT_ONCE})`;
  const first = `SELECT min(${rowid})-1 FROM origin.${quoteName(fromTable)}`;
  let after = database.rows(first)[0]?.[0] ?? null;
  while (after !== null) {
    const [bytes, last] = database.rows(page, [after])[0] ?? [];
    if (bytes && !isUtf8(bytes as Uint8Array)) throw notText();
    after = last ?? null;
  }
}

function notText(): Error {
  return Object.assign(new Error('a text is not valid UTF-8'), { code: 'SQLITE_MISMATCH' });
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
