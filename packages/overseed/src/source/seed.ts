/** The rows of a seed module as a source: tables of Drizzle, or names of tables, with plain objects. */
import { messageOf, OverseedError } from '../model/error.ts';
import type { Table } from '../model/schema.ts';
import { stackPlace } from '../util/stack-place.ts';
import { orAborted, untilAborted } from '../util/until-aborted.ts';
import type { Casing } from './casing.ts';
import { type DrizzleTable, mapRow, tableColumns, tableName } from './drizzle.ts';
import { plainRowMapper } from './plain-row.ts';
import type { SourceRow, SourceTable } from './source.ts';

type RowSet<Row> = Iterable<Row> | AsyncIterable<Row>;
/** Rows, or a function that makes them: a generator function, one that returns an array, one that awaits it. */
export type Rows<Row> = RowSet<Row> | (() => RowSet<Row> | Promise<RowSet<Row>>);

/** One table of a seed with the rows it shall hold. */
export interface SeedTable {
  readonly table: DrizzleTable | string;
  readonly rows: Rows<Record<string, unknown>>;
}

/**
 * Pairs a table with the rows it shall hold, typed by the table.
 * @param table of Drizzle, or the name of a table
 * @param rows an array, a generator (sync or async), or a function that returns one
 */
export function rows<Table extends DrizzleTable>(table: Table, rows: Rows<Table['$inferInsert']>): SeedTable;
export function rows<Row extends object = Record<string, unknown>>(table: string, rows: Rows<Row>): SeedTable;
export function rows(table: DrizzleTable | string, rows: Rows<object>): SeedTable {
  return { table, rows: rows as Rows<Record<string, unknown>> };
}

/** Of the module that the rows come from. */
export interface SeedOrigin {
  /** For messages. */
  readonly label: string;
  /** What paths in messages are relative to. */
  readonly root: string;
  /** Ends the reading, also while the module itself waits for something. */
  readonly signal: AbortSignal;
  /** Of columns that the tables of Drizzle do not name. */
  readonly casing?: Casing | undefined;
}

export function seedTables(tables: readonly SeedTable[], origin: SeedOrigin): SourceTable[] {
  return tables.map((seed) => toSourceTable(seed, origin));
}

function toSourceTable({ table, rows }: SeedTable, origin: SeedOrigin): SourceTable {
  const name = typeof table === 'string' ? table : tableName(table);
  const take = rowTaker(rows, name, origin.label);
  const columns = typeof table === 'string' ? undefined : tableColumns(table, origin.casing);
  async function* mapped(target: Table): AsyncGenerator<SourceRow> {
    const map = columns
      ? (row: Record<string, unknown>) => ({ ...mapRow(columns, row), view: row })
      : plainRowMapper(target);
    for await (const row of guarded(take, name, origin)) yield isRow(row) ? map(row) : notARow(row);
  }
  return {
    name,
    columns:
      columns && [...columns.values()].map(({ name, column }) => ({ name, type: column.getSQLType() })),
    rows: mapped,
  };
}

function isRow(row: unknown): row is Record<string, unknown> {
  return typeof row === 'object' && row !== null && !Array.isArray(row);
}

function notARow(row: unknown): SourceRow {
  const what = row === null ? 'null' : Array.isArray(row) ? 'an array' : typeof row;
  return {
    values: new Map(),
    problems: [{ message: `is ${what}, not an object with columns` }],
    isBroken: true,
  };
}

/** Iterators that were read, in this process: what they gave is gone, for every run that follows. */
const READ = new WeakSet<object>();

/** A function makes its rows anew each time; an iterator that was read to its end would look like no rows at all. */
function rowTaker(rows: SeedTable['rows'], table: string, label: string) {
  return async (): Promise<RowSet<unknown>> => {
    if (typeof rows === 'function') return rows();
    if (!('next' in rows)) return rows;
    if (READ.has(rows)) {
      throw new OverseedError('SOURCE_INVALID', {
        what: `${label} gives the rows of ${table} as an iterator, which can be read only once.`,
        state: 'old',
        next: 'Give the generator function itself, without calling it.',
      });
    }
    READ.add(rows);
    return rows;
  };
}

/** Says whose fault an error in the project's own code is. */
async function* guarded(
  take: () => Promise<RowSet<unknown>>,
  table: string,
  { label, root, signal }: SeedOrigin,
) {
  try {
    const rows = await orAborted(take, signal);
    if (Symbol.asyncIterator in rows) yield* untilAborted(rows, signal);
    else yield* rows;
  } catch (cause) {
    if (cause instanceof OverseedError) throw cause;
    const place = stackPlace(cause, root);
    throw new OverseedError('SOURCE_INVALID', {
      what: `${label} failed while it made the rows of ${table}: ${messageOf(cause)}${place ? ` (${place})` : ''}.`,
      state: 'old',
      next: 'Correct it, then run this again.',
      cause,
    });
  }
}
