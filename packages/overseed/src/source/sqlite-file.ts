/** A SQLite file as a source: a backup, or any database whose tables the target has too. */
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { quoteName } from '../util/sql.ts';
import type { Source, SourceRow } from './source.ts';

export function sqliteFileSource(label: string, database: LocalDatabase, tables: readonly Table[]): Source {
  function* rowsOf(table: Table): Generator<SourceRow> {
    const columns = storedColumns(table).map((column) => column.name);
    for (const row of database.exactRows(columns.map(quoteName), `FROM ${quoteName(table.name)}`)) {
      const cells = columns.map((column, index): [string, SqlValue] => [column, row[index] ?? null]);
      yield { values: new Map(cells), problems: [] };
    }
  }
  return {
    label,
    tables: tables.map((table) => ({
      name: table.name,
      columns: storedColumns(table).map(({ name, type }) => ({ name, type })),
      rows: () => rowsOf(table),
    })),
  };
}
