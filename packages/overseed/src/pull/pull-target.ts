/** Copies the scope of a target into a local file, value by value, from one snapshot. */
import { fenceQuestion, leaseTableQuestion } from '../lease/questions.ts';
import type { Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { type Apart, openApart, SMALL_ROWS } from '../sqlite/apart.ts';
import { AnswerTooLarge, type Mark, type Snapshot, SnapshotLost, type Target } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';
import { forgotten } from './forgotten.ts';
import * as pageSink from './page-sink.ts';
import { type Page, TablePages } from './table-pages.ts';

/** What a target held at one moment. */
export interface Actual {
  /** Path of the SQLite file. */
  readonly file: string;
  /** The file's checksum, if that was looked at in this run. */
  readonly sha256?: string;
  readonly tables: readonly Table[];
  readonly rowCount: number;
  /** Fencing number of the last lease; 0 when there never was one. */
  readonly fence: bigint;
  /** What the target calls this state; undefined when it has no name for it, or when it is too small to matter. */
  readonly version: string | undefined;
  /** Set before it was looked at. Undefined when it is so small that it is sooner read again, or cannot be marked. */
  readonly mark?: Mark | undefined;
}

type Sink = Apart<ReturnType<typeof pageSink.open>>;

const ATTEMPTS = 3;
/** Pages that may wait to be stored: enough to keep both sides busy, and few enough to hold. */
const PAGES_WAITING = 2;

/**
 * @param file path of the SQLite file to make
 * @param watch mark the target beforehand, if there is much to copy
 */
export async function pullTarget(
  target: Target,
  tables: readonly Table[],
  file: string,
  run: Run,
  { watch = false } = {},
): Promise<Actual> {
  let mark: Mark | undefined;
  let onlyIfSmall = watch;
  for (let attempt = 1; ; attempt++) {
    try {
      const copied = await copyTables(target, tables, file, run, onlyIfSmall);
      if (copied) return { file, tables, mark, ...copied };
      mark = await target.mark(run.signal);
      onlyIfSmall = false;
    } catch (error) {
      // Half of one state and half of another is no state: begin again.
      if (!(error instanceof SnapshotLost)) throw error;
      if (attempt === ATTEMPTS) throw forgotten(target.label, attempt, error);
    }
  }
}

/** @returns undefined when it was to be copied `onlyIfSmall`, and is not */
async function copyTables(
  target: Target,
  tables: readonly Table[],
  file: string,
  run: Run,
  onlyIfSmall: boolean,
) {
  await using snapshot = target.snapshot(run.signal);
  const readers = tables.map((table) => new TablePages(table, target.channel));
  const { firstPages, ...found } = await firstAnswers(snapshot, readers);
  const heavy = firstPages === undefined || readers.some((reader, i) => reader.hasMore(firstPages[i] ?? []));
  if (onlyIfSmall && heavy && (await countRows(snapshot, tables)) > SMALL_ROWS) return undefined;
  using sink = openApart(pageSink.open, pageSink.module, { file, tables }, { heavy, signal: run.signal });
  let rowCount = 0;
  const waiting: Promise<void>[] = [];
  for (const [index, reader] of readers.entries()) {
    for await (const page of reader.pages(snapshot, firstPages?.[index])) {
      const stored = store(sink, index, page);
      // It is awaited below; should another page fail first, nobody misses its failure.
      stored.catch(() => undefined);
      waiting.push(stored);
      if (waiting.length > PAGES_WAITING) await waiting.shift();
      rowCount += page.rowCount;
      run.emit({ kind: 'stage-progress', stage: 'pull', done: rowCount, total: undefined, unit: 'rows' });
    }
  }
  await Promise.all(waiting);
  await sink.call('finish');
  const version = rowCount > SMALL_ROWS ? await snapshot.version() : undefined;
  return { rowCount, version, ...found };
}

function store(sink: Sink, index: number, page: Page): Promise<void> {
  return 'packed' in page ? sink.call('packed', index, page.packed) : sink.call('cells', index, page.cells);
}

async function countRows(snapshot: Snapshot, tables: readonly Table[]): Promise<number> {
  const answers = await snapshot.query(
    tables.map(({ name }) => ({ sql: `SELECT count(*) FROM ${quoteName(name)}` })),
  );
  return answers.reduce((sum, rows) => sum + Number(rows[0]?.[0] ?? 0), 0);
}

/** The first page of every table in one round trip; none of them when together they are too large. */
async function firstAnswers(snapshot: Snapshot, readers: readonly TablePages[]) {
  const questions = [leaseTableQuestion];
  const pages = readers.map((reader) => reader.firstQuestion());
  let answers: SqlValue[][][];
  let firstPages: SqlValue[][][] | undefined;
  try {
    answers = await snapshot.query([...questions, ...pages]);
    firstPages = answers.slice(questions.length);
  } catch (error) {
    if (!(error instanceof AnswerTooLarge)) throw error;
    answers = await snapshot.query(questions);
  }
  const [leaseTables] = answers.map((rows) => rows[0]?.[0]);
  const fences = leaseTables === 1n ? await snapshot.query([fenceQuestion]) : [];
  const fence = (fences[0]?.[0]?.[0] as bigint | undefined) ?? 0n;
  return { firstPages, fence };
}
