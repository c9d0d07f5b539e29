/** `.sql` in a data folder: a script that fills one table, the one it is named after. */
import type { Table } from '../../model/schema.ts';
import { storedColumns } from '../../model/schema.ts';
import type { SqlValue } from '../../model/value.ts';
import { LocalDatabase } from '../../sqlite/local-database.ts';
import { replaySchema } from '../../sqlite/replay-schema.ts';
import { foldName } from '../../util/fold-name.ts';
import { scratchFolder } from '../../util/scratch-folder.ts';
import { quoteName } from '../../util/sql.ts';
import { unreadable } from '../files/json-row.ts';
import type { SourceRow } from '../source.ts';
import { runScript, ScriptFailed } from './run-script.ts';

/** @param name of the file, for messages */
export async function* scriptRows(file: string, name: string, table: Table): AsyncGenerator<SourceRow> {
  await using scratch = await scratchFolder();
  using database = LocalDatabase.scratch(scratch.file('script.db'));
  replaySchema(database, [table], 'none');
  try {
    await runScript(database, file, table.name);
  } catch (error) {
    if (!(error instanceof ScriptFailed)) throw error;
    return yield unreadable(error.message, `${name}, line ${error.line}`);
  }
  const others = otherTables(database, table.name);
  if (others.length > 0) {
    const message = `also makes ${others.join(', ')}: give each table a file of its own, or name the script itself as the source`;
    return yield unreadable(message, name);
  }
  yield* rowsOf(database, table);
}

function otherTables(database: LocalDatabase, table: string): string[] {
  return database
    .rows("SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    .map(([name]) => String(name))
    .filter((name) => foldName(name) !== foldName(table));
}

function* rowsOf(database: LocalDatabase, table: Table): Generator<SourceRow> {
  const name = quoteName(table.name);
  const there = new Set(
    database
      .rows(`SELECT name FROM pragma_table_xinfo(?)`, [table.name])
      .map(([column]) => foldName(String(column))),
  );
  const columns = storedColumns(table)
    .map((column) => column.name)
    .filter((column) => there.has(foldName(column)));
  for (const row of database.exactRows(columns.map(quoteName), `FROM ${name}`)) {
    yield {
      values: new Map(columns.map((column, index): [string, SqlValue] => [column, row[index] ?? null])),
      problems: [],
    };
  }
}
