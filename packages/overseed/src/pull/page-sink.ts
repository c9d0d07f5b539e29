/** Puts pulled pages into a local file. */
import { rmSync } from 'node:fs';
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { type PackedRow, rowUnpacker } from '../sqlite/packed-rows.ts';
import { replaySchema } from '../sqlite/replay-schema.ts';
import { placeholders, quoteName } from '../util/sql.ts';

/** Values bound for one statement: a large one is prepared once and saves most calls into the engine. */
const CELLS_A_STATEMENT = 800;

export interface SinkInput {
  /** Path of the SQLite file to make. */
  readonly file: string;
  readonly tables: readonly Table[];
}

export const module = import.meta.url;

/** Begins with an empty file, whatever was there. @throws SCHEMA_UNSUPPORTED */
export function open({ file, tables }: SinkInput) {
  rmSync(file, { force: true });
  const database = LocalDatabase.scratch(file);
  try {
    replaySchema(database, tables, 'none');
  } catch (error) {
    database.close();
    throw error;
  }
  const inserters = tables.map((table) => inserterInto(database, table));
  const unpackers = tables.map(rowUnpacker);
  database.exec('BEGIN');
  return {
    /** Rows of table number `index`, as the JSON text in which they came. */
    packed(index: number, json: string): void {
      const unpack = unpackers[index] as ReturnType<typeof rowUnpacker>;
      inserters[index]?.((JSON.parse(json) as PackedRow[]).map(unpack));
    },
    cells(index: number, rows: readonly SqlValue[][]): void {
      inserters[index]?.(rows);
    },
    finish(): void {
      database.exec('COMMIT');
    },
    [Symbol.dispose]: () => database.close(),
  };
}

function inserterInto(database: LocalDatabase, table: Table): (rows: readonly SqlValue[][]) => void {
  const columns = storedColumns(table).map(({ name }) => quoteName(name));
  const head = `INSERT INTO ${quoteName(table.name)} (${columns.join(',')}) VALUES `;
  const size = Math.max(1, Math.floor(CELLS_A_STATEMENT / columns.length));
  const group = placeholders(columns.length);
  // Prepared when they are first needed: most tables are small.
  let many: ((row: SqlValue[]) => number) | undefined;
  let one: ((row: SqlValue[]) => number) | undefined;
  return (rows) => {
    let position = 0;
    for (; position + size <= rows.length; position += size) {
      many ??= database.prepare(head + Array(size).fill(group).join(','));
      many(rows.slice(position, position + size).flat());
    }
    for (; position < rows.length; position++) {
      one ??= database.prepare(head + group);
      one(rows[position] as SqlValue[]);
    }
  };
}
