/** The seed module as a source: Drizzle tables with their rows and rules. */
import { describeValue } from '../model/value.ts';
import { type DrizzleTable, mapRow, tableColumns, tableName } from './drizzle.ts';
import type { RowProblem, Source, SourceRow, SourceTable } from './source.ts';
import { checkRule, type Rule } from './standard-schema.ts';

type Rows<Row> = Iterable<Row> | AsyncIterable<Row> | (() => Iterable<Row> | AsyncIterable<Row>);

/** One table of a seed with the rows it shall hold. */
export interface SeedTable {
  readonly table: DrizzleTable;
  readonly rows: Rows<Record<string, unknown>>;
}

/**
 * Pairs a table with the rows it shall hold, typed by the table.
 * @param rows an array, a generator (sync or async), or a function that returns one
 */
export function rows<Table extends DrizzleTable>(table: Table, rows: Rows<Table['$inferInsert']>): SeedTable {
  return { table, rows: rows as Rows<Record<string, unknown>> };
}

export function seedSource({
  label,
  tables,
  rules = {},
  expect = {},
}: {
  label: string;
  tables: readonly SeedTable[];
  /** By table name. */
  rules?: Readonly<Record<string, Rule>>;
  /** Number of rows by table name. */
  expect?: Readonly<Record<string, number>>;
}): Source {
  return { label, tables: tables.map((seed) => toSourceTable(seed, rules, expect)) };
}

function toSourceTable(
  { table, rows }: SeedTable,
  rules: Readonly<Record<string, Rule>>,
  expect: Readonly<Record<string, number>>,
): SourceTable {
  const name = tableName(table);
  const columns = tableColumns(table);
  const expectedRows = expect[name];
  async function* mapped(): AsyncGenerator<SourceRow> {
    const rule = rules[name];
    for await (const row of typeof rows === 'function' ? rows() : rows) {
      const mapped = mapRow(columns, row);
      const broken = rule ? await checkRule(rule, row) : [];
      // A value of the wrong type breaks most rules as well: once is enough.
      const known = new Set(mapped.problems.map(({ column }) => column));
      const rest = broken.filter(({ column }) => column === undefined || !known.has(column));
      yield {
        ...mapped,
        problems: [...mapped.problems, ...rest.map((problem) => toRowProblem(problem, row))],
      };
    }
  }
  return {
    name,
    columns: [...columns.values()].map((column) => ({ name: column.name, type: column.getSQLType() })),
    ...(expectedRows === undefined ? {} : { expectedRows }),
    rows: mapped,
  };
}

function toRowProblem(
  { column, message }: { column?: string; message: string },
  row: Record<string, unknown>,
): RowProblem {
  if (column === undefined) return { message };
  return { column, value: describeValue(row[column]), message: `breaks a rule: ${message}` };
}
