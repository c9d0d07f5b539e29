/** Which assets a database file mentions, in whatever table, column or kind of text. */
import { MARK_GLOB, marksIn } from '../assets/content-mark.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { quoteName } from '../util/sql.ts';

/**
 * Every mark in the rows of `database`, as often as it is there. Blobs are looked into as well: JSON may be stored so.
 * @param tables with the columns to look at
 */
export function* marksInFile(
  database: LocalDatabase,
  tables: readonly { readonly name: string; readonly columns: readonly string[] }[],
): Generator<string> {
  for (const { name, columns } of tables) {
    for (const column of columns) {
      const cell = quoteName(column);
      // As bytes, because the engine's binding ends the process at text that is not UTF-8. GLOB ends at a NUL.
      const cells = database.iterate(
        `SELECT CAST(${cell} AS BLOB) FROM ${quoteName(name)}
         WHERE CAST(${cell} AS TEXT) GLOB ? OR instr(CAST(${cell} AS BLOB), x'00')`,
        [MARK_GLOB],
      );
      for (const [cell] of cells) yield* marksIn(Buffer.from(cell as Uint8Array).toString('latin1'));
    }
  }
}

/** The ordinary tables of a file, as the file itself says. */
export function tablesOf(database: LocalDatabase): { name: string; columns: string[] }[] {
  const names = database.rows(
    `SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
  );
  return names.map(([name]) => ({
    name: String(name),
    columns: database
      .rows('SELECT name FROM pragma_table_xinfo(?)', [String(name)])
      .map(([column]) => String(column)),
  }));
}
