/**
 * Drizzle tables, Astro DB's among them, described by their shape: a site may carry its own copy of drizzle-orm,
 * whose symbols are global, so this works with any of them and needs none.
 */
import { describeValue, type SqlValue } from '../model/value.ts';
import { type Casing, inCasing } from './casing.ts';
import type { RowProblem, SourceRow } from './source.ts';

const COLUMNS = Symbol.for('drizzle:Columns');
const NAME = Symbol.for('drizzle:Name');

/** What we need of a Drizzle column. */
interface DrizzleColumn {
  readonly name: string;
  /** The schema names no column: it is called like its key, in the casing of the project. */
  readonly keyAsName?: boolean;
  /** `string`, `number`, `boolean`, `date`, `json`, `bigint`, `buffer` or `custom`. */
  readonly dataType: string;
  readonly enumValues?: readonly string[] | undefined;
  /** A value, or an expression of SQL. */
  readonly default?: unknown;
  readonly defaultFn?: (() => unknown) | undefined;
  readonly onUpdateFn?: (() => unknown) | undefined;
  getSQLType(): string;
  mapToDriverValue(value: unknown): unknown;
}

/** A Drizzle table, as its users see it. */
export interface DrizzleTable {
  readonly $inferInsert: Record<string, unknown>;
}

export function tableName(table: DrizzleTable): string {
  return String((table as unknown as Record<symbol, unknown>)[NAME]);
}

/** A column, and what it is called in the database. */
interface NamedColumn {
  readonly name: string;
  readonly column: DrizzleColumn;
}

/** The table's columns by the name they have in code. */
export function tableColumns(table: DrizzleTable, casing?: Casing): Map<string, NamedColumn> {
  const columns = (table as unknown as Record<symbol, Record<string, DrizzleColumn>>)[COLUMNS];
  return new Map(
    Object.entries(columns ?? {}).map(([key, column]) => {
      const name = column.keyAsName ? inCasing(key, casing) : column.name;
      return [key, { name, column }];
    }),
  );
}

/** Turns a row of the seed into SQLite values by each column's own driver mapping; collects what does not fit. */
export function mapRow(columns: ReadonlyMap<string, NamedColumn>, row: Record<string, unknown>): SourceRow {
  const values = new Map<string, SqlValue>();
  const problems: RowProblem[] = [];
  let isBroken = false;
  for (const key of Object.keys(row)) {
    if (!columns.has(key)) problems.push({ column: key, message: 'is not a column of this table' });
  }
  for (const [key, { name, column }] of columns) {
    const given = row[key] === undefined ? defaultOf(column) : row[key];
    if (given === undefined) continue;
    const mapped = mapValue(column, given);
    if ('problem' in mapped) {
      problems.push({ column: key, value: describeValue(given), message: mapped.problem });
      isBroken = true;
    } else values.set(name, mapped.value);
  }
  return { values, problems, isBroken };
}

/** What Drizzle's own insert takes, in its order; undefined leaves it to the engine, which knows the expressions. */
function defaultOf({ default: fixed, defaultFn, onUpdateFn }: DrizzleColumn): unknown {
  if (fixed !== undefined && fixed !== null) return isExpression(fixed) ? undefined : fixed;
  return (defaultFn ?? onUpdateFn)?.();
}

function isExpression(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'getSQL' in value;
}

type Mapped = { readonly value: SqlValue } | { readonly problem: string };

function mapValue(column: DrizzleColumn, given: unknown): Mapped {
  if (given === null) return { value: null };
  if (isExpression(given)) return { problem: AN_EXPRESSION };
  const mismatch = typeProblem(column, given);
  if (mismatch) return { problem: mismatch };
  try {
    return toSqlValue(column.mapToDriverValue(given));
  } catch {
    // A driver mapping throws whatever it likes on a value of the wrong type; that it threw is all we can tell.
    return {
      problem: `does not fit the column, which holds ${column.getSQLType()} values mapped by the schema`,
    };
  }
}

const EXPECTED: Record<string, { readonly words: string; fits(value: unknown): boolean }> = {
  string: { words: 'text', fits: (value) => typeof value === 'string' },
  number: { words: 'a number', fits: (value) => typeof value === 'number' },
  boolean: { words: 'true or false', fits: (value) => typeof value === 'boolean' },
  bigint: { words: 'a bigint', fits: (value) => typeof value === 'bigint' },
  date: { words: 'a Date', fits: (value) => value instanceof Date },
  buffer: { words: 'bytes', fits: (value) => value instanceof Uint8Array },
};

function typeProblem(column: DrizzleColumn, given: unknown): string | undefined {
  const expected = EXPECTED[column.dataType];
  if (expected && !expected.fits(given)) return `is not ${expected.words}`;
  if (given instanceof Date && Number.isNaN(given.getTime())) return 'is not a valid date';
  if (column.enumValues?.length && !column.enumValues.includes(String(given))) {
    return `is not one of ${column.enumValues.join(', ')}`;
  }
  return undefined;
}

const AN_EXPRESSION = 'is an expression, not a value: a source must hold plain values';

/** Whole numbers become INTEGER, as the engine would make them in a column of its own affinity; others REAL. */
function toSqlValue(value: unknown): Mapped {
  switch (typeof value) {
    case 'bigint':
      if (value < -(2n ** 63n) || value >= 2n ** 63n) return { problem: 'does not fit into 64 bits' };
      return { value };
    case 'boolean':
      return { value: value ? 1n : 0n };
    case 'number':
      if (Number.isNaN(value)) return { problem: 'is not a number (NaN)' };
      return { value: Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value };
    case 'string':
      if (!value.isWellFormed())
        return { problem: 'holds half of a surrogate pair, which no database text can hold' };
      return { value };
    case 'object':
      if (value === null) return { value: null };
      if (value instanceof Uint8Array) return { value: new Uint8Array(value) };
      return { problem: AN_EXPRESSION };
    default:
      return { problem: `is a ${typeof value}, not a value` };
  }
}
