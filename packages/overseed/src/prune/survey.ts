/**
 * All that is known of the assets of one store: what the ledgers say, and which are mentioned in rows and in backups. In a
 * scratch file, so that a million of them need no memory.
 */
import { markOf } from '../assets/content-mark.ts';
import type { LedgerEntry } from '../model/asset.ts';
import type { FileSum, PrunePlan } from '../model/prune.ts';
import type { SqlValue } from '../model/value.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';

/** One file in the store that nobody needs any more. */
export interface Unneeded {
  readonly publicId: string;
  readonly format: string;
  readonly sizeBytes: number;
}

/** Entries of one ledger whose clock says something else than the rows. */
export interface Correction {
  readonly hashes: readonly string[];
  readonly clock: 'start' | 'stop';
}

const EXAMPLES = 20;

/** First everything is added, then {@link complete} sums up, then it answers. */
export class Survey implements Disposable {
  readonly #database: LocalDatabase;
  readonly #addEntry: (args: readonly SqlValue[]) => number;
  readonly #addMark: Readonly<Record<'rows' | 'backups', (args: readonly SqlValue[]) => number>>;

  constructor(file: string) {
    this.#database = LocalDatabase.scratch(file);
    this.#database.exec(`
      CREATE TABLE entries (target INTEGER, hash TEXT, public_id TEXT, mark TEXT, format TEXT, bytes INTEGER, unused_ms INTEGER);
      CREATE TABLE in_rows (mark TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE in_backups (mark TEXT PRIMARY KEY) WITHOUT ROWID`);
    this.#addEntry = this.#database.prepare('INSERT INTO entries VALUES (?,?,?,?,?,?,?)');
    this.#addMark = {
      rows: this.#database.prepare('INSERT OR IGNORE INTO in_rows VALUES (?)'),
      backups: this.#database.prepare('INSERT OR IGNORE INTO in_backups VALUES (?)'),
    };
  }

  /** @param target number of the target whose ledger it is */
  addEntries(target: number, entries: Iterable<LedgerEntry>): void {
    this.#database.transaction(() => {
      for (const { hash, publicId, format, sizeBytes, unusedForMs } of entries) {
        const unused = unusedForMs === undefined ? null : BigInt(Math.round(unusedForMs));
        const mark = markOf(publicId) ?? null;
        this.#addEntry([BigInt(target), hash, publicId, mark, format, BigInt(sizeBytes), unused]);
      }
    });
  }

  addMarks(where: 'rows' | 'backups', marks: Iterable<string>): void {
    this.#database.transaction(() => {
      for (const mark of marks) this.#addMark[where]([mark]);
    });
  }

  /**
   * Sums up. A file that several ledgers name is as young as the youngest entry; one whose clock has not been started is
   * brand new; one whose name is not of our making counts as used.
   * @param prefix of the store
   */
  complete(prefix: string): void {
    const scope = prefix === '' ? '' : `${prefix}/`;
    this.#database.exec(`
      CREATE INDEX entries_public_id ON entries(public_id);
      CREATE TABLE files (public_id TEXT PRIMARY KEY, format TEXT, bytes INTEGER, age INTEGER, fate TEXT)`);
    this.#database.run(
      `INSERT INTO files SELECT public_id, min(format), max(bytes), min(coalesce(unused_ms, 0)),
         CASE WHEN max(mark) IS NULL OR max(mark) IN in_rows THEN 'used'
              WHEN max(mark) IN in_backups THEN 'backup'
              WHEN substr(public_id, 1, length(?1))<>?1 THEN 'elsewhere' ELSE 'unneeded' END
       FROM entries GROUP BY public_id`,
      [scope],
    );
  }

  plan(about: Pick<PrunePlan, 'targets' | 'store' | 'graceMs' | 'backups'>): PrunePlan {
    const grace = [BigInt(about.graceMs)];
    const unneeded = "fate='unneeded'";
    const next = this.#database.rows(`SELECT max(age) FROM files WHERE ${unneeded} AND age<?`, grace)[0]?.[0];
    return {
      formatVersion: 1,
      ...about,
      remove: {
        ...this.#sum(`${unneeded} AND age>=?`, grace),
        examples: this.#database
          .rows(
            `SELECT public_id FROM files WHERE ${unneeded} AND age>=? ORDER BY 1 LIMIT ${EXAMPLES}`,
            grace,
          )
          .map(([publicId]) => String(publicId)),
      },
      waiting: {
        ...this.#sum(`${unneeded} AND age<?`, grace),
        nextInMs: typeof next === 'bigint' ? about.graceMs - Number(next) : undefined,
      },
      keptByBackups: this.#sum("fate='backup'"),
      elsewhere: this.#sum("fate='elsewhere'"),
      used: this.#sum("fate='used'"),
    };
  }

  /** Unneeded for at least `graceMs`: the first of those after `publicId`, in the order of their names. */
  unneeded(graceMs: number, { after, count }: { after: string; count: number }): Unneeded[] {
    return this.#database
      .rows(
        `SELECT public_id, format, bytes FROM files WHERE fate='unneeded' AND age>=? AND public_id>?
         ORDER BY public_id LIMIT ?`,
        [BigInt(graceMs), after, BigInt(count)],
      )
      .map(([publicId, format, bytes]) => ({
        publicId: String(publicId),
        format: String(format),
        sizeBytes: Number(bytes),
      }));
  }

  /** Hashes under which the ledger of `target` has these files. */
  hashesOf(target: number, files: readonly Unneeded[]): string[] {
    return this.#database
      .rows('SELECT hash FROM entries WHERE target=? AND public_id IN (SELECT value FROM json_each(?))', [
        BigInt(target),
        JSON.stringify(files.map(({ publicId }) => publicId)),
      ])
      .map(([hash]) => String(hash));
  }

  /** What the ledger of `target` gets wrong: rows were changed by somebody who does not keep it. */
  corrections(target: number): Correction[] {
    const hashes = (condition: string) =>
      this.#database
        .rows(`SELECT hash FROM entries WHERE target=? AND mark IS NOT NULL AND ${condition}`, [
          BigInt(target),
        ])
        .map(([hash]) => String(hash));
    return [
      { clock: 'start', hashes: hashes('unused_ms IS NULL AND mark NOT IN in_rows') },
      { clock: 'stop', hashes: hashes('unused_ms IS NOT NULL AND mark IN in_rows') },
    ];
  }

  #sum(condition: string, args: readonly SqlValue[] = []): FileSum {
    const [[files, bytes] = []] = this.#database.rows(
      `SELECT count(*), total(bytes) FROM files WHERE ${condition}`,
      args,
    );
    return { files: Number(files), bytes: Number(bytes) };
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
