/** A SQLite file as a source: a backup, or any database whose tables the target has too. */
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { decodeExact, decodeForPeople, exactProjection } from '../sqlite/projection.ts';
import { quoteName } from '../util/sql.ts';
import type { Source, SourceRow } from './source.ts';

/** @param tables of the file that are its source, as the file has them */
export function sqliteFileSource(label: string, database: LocalDatabase, tables: readonly Table[]): Source {
  function* rowsOf(table: Table): Generator<SourceRow> {
    const columns = storedColumns(table).map((column) => column.name);
    const sql = `SELECT ${exactProjection(columns.map(quoteName), 'native')} FROM ${quoteName(table.name)}`;
    for (const row of database.iterate(sql)) yield toSourceRow(columns, row);
  }
  const version = () => database.count('PRAGMA data_version');
  const opened = version();
  return {
    label,
    hasMoved: () => version() !== opened,
    tables: tables.map((table) => ({
      name: table.name,
      columns: storedColumns(table).map(({ name, type }) => ({ name, type })),
      rows: () => rowsOf(table),
      stored: {
        file: database.file,
        table: table.name,
        columns: storedColumns(table).map(({ name }) => name),
      },
    })),
  };
}

function toSourceRow(columns: readonly string[], row: readonly SqlValue[]): SourceRow {
  const toValues = (cells: readonly SqlValue[]) =>
    new Map(columns.map((column, index) => [column, cells[index] ?? null]));
  try {
    return { values: toValues(decodeExact(row)), problems: [] };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const { cells, spoiled } = decodeForPeople(row);
    const message = 'holds text that is not valid UTF-8';
    const problems = spoiled.map((index) => ({ column: columns[index] ?? '', message }));
    return { values: toValues(cells), problems, isBroken: true };
  }
}
