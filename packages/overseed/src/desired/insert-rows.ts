/** Puts the rows of one table into the desired database and turns the engine's refusals into problems. */
import type { Problem } from '../model/problem.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import { describeValue, type SqlValue } from '../model/value.ts';
import type { RowProblem } from '../source/source.ts';
import { isEngineError, type LocalDatabase } from '../sqlite/local-database.ts';
import { placeholders, quoteName } from '../util/sql.ts';

export class RowInserter {
  readonly #database: LocalDatabase;
  readonly #table: Table;
  readonly #columns: ReadonlyMap<string, string>;
  /** One prepared statement per set of columns: rows of a table nearly always have the same. */
  readonly #statements = new Map<string, (args: SqlValue[]) => number>();
  readonly problems: Problem[] = [];
  readonly filledColumns = new Set<string>();
  count = 0;

  constructor(database: LocalDatabase, table: Table) {
    this.#database = database;
    this.#table = table;
    this.#columns = new Map(storedColumns(table).map(({ name }) => [name.toLowerCase(), name]));
  }

  report(values: ReadonlyMap<string, SqlValue>, problem: RowProblem): void {
    this.problems.push({ table: this.#table.name, row: this.#describeRow(values), ...problem });
  }

  insert(values: ReadonlyMap<string, SqlValue>): void {
    this.count++;
    const names = [...values.keys()].filter((name) => this.#columns.has(name.toLowerCase()));
    for (const name of names) this.filledColumns.add(name.toLowerCase());
    try {
      this.#statement(names)(names.map((name) => values.get(name) ?? null));
    } catch (error) {
      if (!isEngineError(error)) throw error;
      this.report(values, this.#explain(error.message, values));
    }
  }

  #statement(names: readonly string[]): (args: SqlValue[]) => number {
    const signature = names.join('\n');
    const existing = this.#statements.get(signature);
    if (existing) return existing;
    const columns =
      names.length === 0
        ? 'DEFAULT VALUES'
        : `(${names.map(quoteName).join(',')}) VALUES ${placeholders(names.length)}`;
    const statement = this.#database.prepare(`INSERT INTO ${quoteName(this.#table.name)} ${columns}`);
    this.#statements.set(signature, statement);
    return statement;
  }

  /** `id=6f1c…`, or the position of the row when its table has no key or the key is missing. */
  #describeRow(values: ReadonlyMap<string, SqlValue>): string {
    const byName = new Map([...values].map(([name, value]) => [name.toLowerCase(), value]));
    const cells = this.#table.key.map((name): [string, SqlValue | undefined] => [
      name,
      byName.get(name.toLowerCase()),
    ]);
    if (cells.length === 0 || cells.some(([, value]) => value === undefined)) return `row ${this.count}`;
    return cells
      .map(([name, value]) => `${name}=${typeof value === 'string' ? value : describeValue(value)}`)
      .join(', ');
  }

  /** `UNIQUE constraint failed: T.a, T.b` and its kin, in words about this row. */
  #explain(message: string, values: ReadonlyMap<string, SqlValue>): RowProblem {
    const [, kind, rest = ''] =
      /^(UNIQUE|NOT NULL|CHECK|PRIMARY KEY) constraint failed: (.*)$/.exec(message) ?? [];
    if (kind === undefined) return { message: `is refused by the database engine: ${message}` };
    if (kind === 'CHECK') return { message: `breaks the CHECK constraint ${rest}` };
    const columns = rest.split(', ').map((part) => part.slice(part.lastIndexOf('.') + 1));
    const column = columns.join('+');
    if (kind === 'NOT NULL') return { column, message: 'is missing, and the column requires a value' };
    const value = columns.map((name) => describeValue(values.get(name))).join(', ');
    const isKey =
      columns.length === this.#table.key.length && columns.every((name) => this.#table.key.includes(name));
    return {
      column,
      value,
      message: isKey
        ? 'is a duplicate key: an earlier row has it'
        : 'is a duplicate: the column must be unique',
    };
  }
}
