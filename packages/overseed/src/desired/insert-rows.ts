/**
 * Puts the rows of one table into the desired database and turns the engine's refusals into problems.
 *
 * Keys in random order are slow to insert once their index outgrows the page cache. So the rows of a large table first
 * wait unsorted in a file of their own, and the engine then puts them in by the order of their key.
 */
import type { Problem } from '../model/problem.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import { describeValue, type Row, type SqlValue } from '../model/value.ts';
import type { RowProblem } from '../source/source.ts';
import { withPlace } from '../source/with-place.ts';
import { SMALL_ROWS } from '../sqlite/apart.ts';
import type { RowCopy } from '../sqlite/copy-rows.ts';
import { isRefusal } from '../sqlite/engine-error.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { sizeOf } from '../sqlite/row-groups.ts';
import { UNSORTED_TABLE, type Unsorted, unsortedColumns } from '../sqlite/unsorted.ts';
import { breather } from '../util/breathe.ts';
import { foldName } from '../util/fold-name.ts';
import { placeholders, quoteName } from '../util/sql.ts';
import { comparedToEarlierRow } from './earlier-row.ts';

/** Values bound for one statement: fewer calls into the engine. Rows with large values go in smaller groups. */
const CELLS_A_STATEMENT = 800;
const BYTES_A_STATEMENT = 1_000_000;

/** From this row on, rows wait unsorted. */
const UNSORTED_FROM = SMALL_ROWS;

/** For rows without a known problem. */
export const NOTHING_REPORTED: ReadonlySet<string> = new Set();

/** What a message about a row needs to know, apart from its cells. */
interface RowNote {
  readonly reported: ReadonlySet<string | undefined>;
  readonly place: string | undefined;
}

const NO_NOTE: RowNote = { reported: NOTHING_REPORTED, place: undefined };

export class RowInserter {
  readonly #database: LocalDatabase;
  readonly #table: Table;
  /** The table's name as SQL. */
  readonly #name: string;
  /** Folded names of the columns that can be written, and of those that the engine computes. */
  readonly #columns: ReadonlySet<string>;
  readonly #generated: ReadonlySet<string>;
  readonly #unknownColumns = new Set<string>();
  /** One prepared statement per set of columns and number of rows. */
  readonly #statements = new Map<string, (args: Row) => number>();
  #lastKeys: readonly string[] = [];
  #lastNames: readonly string[] = [];
  /**
   * Cells of the rows that wait, one row after the other. Rows themselves would be millions of objects that live just long
   * enough to be moved by the collector.
   */
  #waiting: SqlValue[] = [];
  #waitingRows = 0;
  /** Number of the first of them in its table, from 1; the others follow it without a gap. */
  #firstWaiting = 0;
  /** By number among the rows that wait: few have one. */
  readonly #notes = new Map<number, RowNote>();
  #waitingNames: readonly string[] = [];
  /** Whether the rows that wait go to the unsorted ones. */
  #waitingUnsorted = false;
  #waitingBytes = 0;
  readonly #unsorted: Unsorted | undefined;
  /** Columns of the unsorted rows, once there are any. */
  #unsortedNames: readonly string[] | undefined;
  readonly problems: Problem[] = [];
  readonly filledColumns = new Set<string>();
  /** Rows of the source that are not in the file, because something is wrong with them. */
  readonly dropped: ReadonlyMap<string, SqlValue>[] = [];
  count = 0;

  constructor(database: LocalDatabase, table: Table, unsorted: Unsorted) {
    this.#database = database;
    // A key that is the rowid mostly comes in order, and without a key there is no order.
    this.#unsorted = table.withoutRowid || table.keyIndex ? unsorted : undefined;
    this.#table = table;
    this.#name = `main.${quoteName(table.name)}`;
    this.#columns = new Set(storedColumns(table).map(({ name }) => foldName(name)));
    this.#generated = new Set(
      table.columns.filter(({ generated }) => generated !== undefined).map(({ name }) => foldName(name)),
    );
  }

  report(values: ReadonlyMap<string, SqlValue>, problem: RowProblem, position = this.count): void {
    const { further = [], ...one } = problem;
    this.problems.push({ table: this.#table.name, row: this.#describeRow(values, position), ...one });
    for (const other of further) this.report(values, other, position);
  }

  /** Leaves out a row that cannot be built; what refers to it is not dangling for that. */
  drop(values: ReadonlyMap<string, SqlValue>): void {
    this.flush();
    this.count++;
    this.dropped.push(values);
  }

  /**
   * Takes a row; it is in the file after {@link flush} at the latest.
   * @param reported columns whose problem in this row is known already
   * @param place where it is written
   */
  insert(
    values: ReadonlyMap<string, SqlValue>,
    reported: ReadonlySet<string | undefined>,
    place?: string,
  ): void {
    this.count++;
    const names = this.#namesOf(values);
    let bytes = 0;
    for (const [name, value] of values) {
      const message = unstorable(value);
      if (message) this.report(values, withPlace({ column: name, message }, place));
      bytes += sizeOf(value);
    }
    const unsorted = this.#goesUnsorted(names, reported);
    if (this.#waitingNames !== names || this.#waitingUnsorted !== unsorted) this.flush();
    this.#waitingNames = names;
    this.#waitingUnsorted = unsorted;
    if (this.#waitingRows === 0) this.#firstWaiting = this.count;
    if (reported.size > 0 || place !== undefined) this.#notes.set(this.#waitingRows, { reported, place });
    for (const name of names) this.#waiting.push(values.get(name) ?? null);
    this.#waitingRows++;
    this.#waitingBytes += bytes;
    const isFull = this.#waiting.length >= CELLS_A_STATEMENT || this.#waitingBytes >= BYTES_A_STATEMENT;
    if (isFull || names.length === 0) this.flush();
  }

  /** Puts the rows that wait into a file: many in one statement, or one by one when the engine refuses one of them. */
  flush(): void {
    const cells = this.#waiting;
    const rows = this.#waitingRows;
    const names = this.#waitingNames;
    this.#waiting = [];
    this.#waitingRows = 0;
    this.#waitingBytes = 0;
    if (rows === 0) return;
    if (this.#waitingUnsorted) {
      this.#statement(UNSORTED_TABLE, unsortedColumns(names.length), rows)(cells);
    } else {
      this.#insertWaiting(cells, rows, names);
    }
    this.#notes.clear();
  }

  #insertWaiting(cells: readonly SqlValue[], rows: number, names: readonly string[]): void {
    try {
      this.#statement(this.#name, names, rows)(cells);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      for (let row = 0; row < rows; row++) {
        const own = cells.slice(row * names.length, (row + 1) * names.length);
        this.#insertOne(own, names, this.#firstWaiting + row, this.#notes.get(row));
      }
    }
  }

  /**
   * The rows that wait unsorted, to be copied by the engine; undefined when there are none. If it refuses one of them,
   * {@link insertUnsorted} finds out which.
   */
  get unsorted(): RowCopy | undefined {
    return this.#unsortedNames && this.#unsorted?.copyTo(this.#table, this.#unsortedNames);
  }

  async insertUnsorted(): Promise<void> {
    const names = this.#unsortedNames ?? [];
    const breathe = breather();
    for (const cells of this.#unsorted?.rows(names.length) ?? []) {
      this.#insertOne(cells, names, 0);
      await breathe();
    }
  }

  /** Rows with a key of their own and without a known problem do; so a row is always named by its key. */
  #goesUnsorted(names: readonly string[], reported: ReadonlySet<string | undefined>): boolean {
    if (this.#unsorted === undefined || this.count <= UNSORTED_FROM || reported.size > 0) return false;
    if (this.#unsortedNames === undefined) {
      const filled = new Set(names.map(foldName));
      if (!this.#table.key.every((name) => filled.has(foldName(name)))) return false;
      this.#unsorted.begin(names.length);
      this.#unsortedNames = names;
    }
    return this.#unsortedNames === names;
  }

  /** @param position number of the row in its table, from 1; 0 where it is not known */
  #insertOne(
    cells: readonly SqlValue[],
    names: readonly string[],
    position: number,
    { reported, place } = NO_NOTE,
  ): void {
    try {
      this.#statement(this.#name, names, 1)(cells);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const values = new Map(names.map((name, index) => [name, cells[index] ?? null]));
      this.dropped.push(values);
      const problem = this.#explain(error.message, values);
      if (problem.column === undefined || !reported.has(problem.column))
        this.report(values, withPlace(problem, place), position);
    }
  }

  /** The columns of a row that the table has. Rows of a table nearly always have the same, so the last answer is kept. */
  #namesOf(values: ReadonlyMap<string, SqlValue>): readonly string[] {
    let index = 0;
    let same = values.size === this.#lastKeys.length;
    if (same) for (const key of values.keys()) same &&= key === this.#lastKeys[index++];
    if (same) return this.#lastNames;
    this.#reportUnknownColumns(values);
    this.#lastKeys = [...values.keys()];
    this.#lastNames = this.#lastKeys.filter((name) => this.#columns.has(foldName(name)));
    for (const name of this.#lastNames) this.filledColumns.add(foldName(name));
    return this.#lastNames;
  }

  /** Once a column: the rows of a table nearly always have the same. A value for a generated column is harmless. */
  #reportUnknownColumns(values: ReadonlyMap<string, SqlValue>): void {
    for (const name of values.keys()) {
      const folded = foldName(name);
      if (this.#columns.has(folded) || this.#generated.has(folded) || this.#unknownColumns.has(folded))
        continue;
      this.#unknownColumns.add(folded);
      this.report(values, { column: name, message: 'has no such column on the target' });
    }
  }

  #statement(into: string, names: readonly string[], rows: number): (args: Row) => number {
    const signature = `${into}\n${rows}\n${names.join('\n')}`;
    const existing = this.#statements.get(signature);
    if (existing) return existing;
    const group = placeholders(names.length);
    const columns =
      names.length === 0
        ? 'DEFAULT VALUES'
        : `(${names.map(quoteName).join(',')}) VALUES ${Array(rows).fill(group).join(',')}`;
    // ABORT, whatever the schema says: an `ON CONFLICT REPLACE` there would drop rows of the source in silence.
    const statement = this.#database.prepare(`INSERT OR ABORT INTO ${into} ${columns}`);
    this.#statements.set(signature, statement);
    return statement;
  }

  /** `id=6f1c…`, or the position of the row when its table has no key or the key is missing. */
  #describeRow(values: ReadonlyMap<string, SqlValue>, position: number): string {
    const byName = new Map([...values].map(([name, value]) => [foldName(name), value]));
    const cells = this.#table.key.map((name): [string, SqlValue | undefined] => [
      name,
      byName.get(foldName(name)),
    ]);
    if (cells.length === 0 || cells.some(([, value]) => value === undefined)) return `row ${position}`;
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
        ? `is a duplicate key: an earlier row has it${comparedToEarlierRow(this.#database, this.#table, values)}`
        : 'is a duplicate: the column must be unique',
    };
  }
}

/** What the engine would change without a word: half a character would become U+FFFD, and NaN would become NULL. */
function unstorable(value: SqlValue): string | undefined {
  if (typeof value === 'string' && !value.isWellFormed())
    return 'holds half of a surrogate pair, which is no character';
  return typeof value === 'number' && Number.isNaN(value) ? 'is not a number (NaN)' : undefined;
}
