/**
 * The local engine: `libsql`, the same SQLite family as the server. One thin class, so that the quirks of the
 * binding live in one place: integers always come back as bigint, and TEXT is read as bytes, because the binding
 * cuts a text at its first NUL and ends the whole process at one that is not valid UTF-8.
 */
import Database from 'libsql';
import type { Row, SqlValue } from '../model/value.ts';
import { decodeExact, exactProjection } from './projection.ts';

/** Page cache of one scratch file, in kB. Two or three files are open at a time. */
const SCRATCH_CACHE_KB = 4_000;

export class LocalDatabase implements Disposable {
  readonly file: string;
  readonly #database: Database.Database;

  /** Opens or creates `file`; `:memory:` is allowed. `busyMs` is how long to wait for another writer. */
  constructor(file: string, { busyMs = 5_000 }: { busyMs?: number } = {}) {
    this.file = file;
    this.#database = new Database(file, { timeout: busyMs });
    this.#database.defaultSafeIntegers(true);
  }

  /**
   * A file that a crash may spoil: it costs nothing but the run. Foreign keys are off, and so are journal and sync;
   * sorting goes by way of the disk, where the binding would do it in memory, however much there is.
   */
  static scratch(file: string): LocalDatabase {
    const database = new LocalDatabase(file);
    database.exec('PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF');
    database.exec(`PRAGMA temp_store=FILE; PRAGMA threads=2; PRAGMA cache_size=-${SCRATCH_CACHE_KB}`);
    return database;
  }

  /** Runs one or several statements without results. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** A statement that is run many times; returns the number of changed rows. */
  prepare(sql: string): (args: Row) => number {
    const statement = this.#database.prepare(sql);
    return (args) => statement.run(args).changes;
  }

  run(sql: string, args: Row = []): number {
    return this.prepare(sql)(args);
  }

  /** Rows as the binding gives them. For counts, names and flags: text with NUL would be cut. */
  rows(sql: string, args: Row = []): SqlValue[][] {
    return this.#database.prepare(sql).raw(true).all(args) as SqlValue[][];
  }

  /** Like {@link rows}, one by one. */
  *iterate(sql: string, args: Row = []): Generator<SqlValue[]> {
    for (const row of this.#database.prepare(sql).raw(true).iterate(args)) yield row as SqlValue[];
  }

  /** Runs any one statement: its rows if it returns some, else how many rows it changed. */
  execute(sql: string, args: Row = []): { rows: SqlValue[][]; changes: number } {
    const statement = this.#database.prepare(sql);
    if (statement.reader) return { rows: statement.raw(true).all(args) as SqlValue[][], changes: 0 };
    return { rows: [], changes: statement.run(args).changes };
  }

  /** The first column of the first row, as a number. */
  count(sql: string, args: Row = []): number {
    return Number(this.rows(sql, args)[0]?.[0] ?? 0);
  }

  /** Of the file, indexes included. */
  sizeBytes(): number {
    return this.count('SELECT page_count*page_size FROM pragma_page_count, pragma_page_size');
  }

  /**
   * Rows with every value exactly as stored.
   * @param expressions the cells to read, as SQL
   * @param rest everything from `FROM` on
   */
  *exactRows(expressions: readonly string[], rest: string, args: Row = []): Generator<SqlValue[]> {
    const sql = `SELECT ${exactProjection(expressions, 'native')} ${rest}`;
    for (const row of this.#database.prepare(sql).raw(true).iterate(args))
      yield decodeExact(row as SqlValue[]);
  }

  /** Runs `work` in one transaction; any error rolls back. */
  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.exec('ROLLBACK');
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  /** Moves what stands in the WAL file, if there is one, into the file itself, unless somebody is in the way. */
  tryCheckpoint(): void {
    try {
      this.rows('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // Somebody has it locked. Nothing is lost: whoever opens the file reads its WAL file too.
    }
  }

  close(): void {
    if (this.#database.open) this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
