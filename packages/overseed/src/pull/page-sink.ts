/** Puts pulled pages into a local file. */
import { rmSync } from 'node:fs';
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { type PackedRow, rowUnpacker } from '../sqlite/packed-rows.ts';
import { replaySchema } from '../sqlite/replay-schema.ts';
import { UNSORTED_TABLE, Unsorted, unsortedColumns } from '../sqlite/unsorted.ts';
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
  const unsorted = new Unsorted(database);
  database.exec('BEGIN');
  let current: TableSink | undefined;
  /** The pages of one table come one after the other. */
  const sinkOf = (index: number): TableSink => {
    if (current?.index === index) return current;
    current?.finish();
    current = new TableSink(database, unsorted, tables[index] as Table, index);
    return current;
  };
  return {
    /** Rows of table number `index`, as the JSON text in which they came. */
    packed(index: number, json: string): void {
      const sink = sinkOf(index);
      sink.insert(JSON.parse(json) as PackedRow[], sink.unpack);
    },
    cells(index: number, rows: readonly SqlValue[][]): void {
      sinkOf(index).insert(rows, appendCells);
    },
    finish(): void {
      current?.finish();
      database.exec('COMMIT');
    },
    [Symbol.dispose]: () => database.close(),
  };
}

/** Appends the cells of a row. No array of its own for each: there are millions of them. */
type Append<R> = (row: R, into: SqlValue[]) => void;

const appendCells: Append<readonly SqlValue[]> = (row, into) => {
  for (const cell of row) into.push(cell);
};

class TableSink {
  readonly index: number;
  readonly unpack: Append<PackedRow>;
  readonly #database: LocalDatabase;
  readonly #unsorted: Unsorted;
  readonly #table: Table;
  readonly #names: readonly string[];
  /** Position of the key's first column; undefined where rows need no order to be fast. */
  readonly #keyPosition: number | undefined;
  /** From the first page on whose keys are in no order, rows wait until all are there. */
  #isScattered = false;
  #insert: Inserter;

  constructor(database: LocalDatabase, unsorted: Unsorted, table: Table, index: number) {
    this.index = index;
    this.unpack = rowUnpacker(table);
    this.#database = database;
    this.#unsorted = unsorted;
    this.#table = table;
    this.#names = storedColumns(table).map(({ name }) => name);
    const hasIndex = table.withoutRowid || table.keyIndex !== undefined;
    this.#keyPosition = hasIndex ? this.#names.indexOf(table.key[0] ?? '') : undefined;
    this.#insert = inserterInto(database, quoteName(table.name), this.#names);
  }

  insert<R>(rows: readonly R[], append: Append<R>): void {
    if (
      !this.#isScattered &&
      this.#keyPosition !== undefined &&
      isScattered(rows, append, this.#keyPosition)
    ) {
      this.#isScattered = true;
      this.#unsorted.begin(this.#names.length);
      this.#insert = inserterInto(this.#database, UNSORTED_TABLE, unsortedColumns(this.#names.length));
    }
    this.#insert(rows, append);
  }

  finish(): void {
    if (this.#isScattered) this.#unsorted.moveTo(this.#table, this.#names);
  }
}

/** A page of so few rows is put in fast in any order. */
const FEW_ROWS = 1_000;
/** Pairs of neighbours that are looked at. */
const LOOKS = 500;

/** Whether many rows come after one whose key is greater: about half of them do when keys are random. */
function isScattered<R>(rows: readonly R[], append: Append<R>, keyPosition: number): boolean {
  if (rows.length <= FEW_ROWS) return false;
  const step = Math.max(1, Math.floor(rows.length / LOOKS));
  const keyOf = (row: R) => {
    const cells: SqlValue[] = [];
    append(row, cells);
    return cells[keyPosition];
  };
  let looks = 0;
  let descents = 0;
  for (let position = 1; position < rows.length; position += step) {
    const [before, after] = [keyOf(rows[position - 1] as R), keyOf(rows[position] as R)];
    looks++;
    if (typeof before === typeof after && before && after && before > after) descents++;
  }
  return descents > looks / 10;
}

type Inserter = <R>(rows: readonly R[], append: Append<R>) => void;

function inserterInto(database: LocalDatabase, into: string, names: readonly string[]): Inserter {
  const head = `INSERT INTO ${into} (${names.map(quoteName).join(',')}) VALUES `;
  const size = Math.max(1, Math.floor(CELLS_A_STATEMENT / names.length));
  const group = placeholders(names.length);
  // Prepared when they are first needed: most tables are small.
  let many: ((row: SqlValue[]) => number) | undefined;
  let one: ((row: SqlValue[]) => number) | undefined;
  return (rows, append) => {
    let cells: SqlValue[] = [];
    const put = (insert: (row: SqlValue[]) => number) => {
      insert(cells);
      cells = [];
    };
    const rest = rows.length - (rows.length % size);
    for (const [position, row] of rows.entries()) {
      append(row, cells);
      if (position < rest && (position + 1) % size === 0) {
        many ??= database.prepare(head + Array(size).fill(group).join(','));
        put(many);
      } else if (position >= rest) {
        one ??= database.prepare(head + group);
        put(one);
      }
    }
  };
}
