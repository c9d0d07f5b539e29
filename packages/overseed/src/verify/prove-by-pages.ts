/**
 * Equality of large tables without copying them: both engines print their rows in the order of the key as the same JSON,
 * page by page, and equal texts are equal rows. Different texts prove nothing, as another version may print another
 * escape; so whatever is not proved here is read and compared value by value.
 */
import type { Stage } from '../model/event.ts';
import type { Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { AnswerTooLarge, type Snapshot, SnapshotLost, type Target } from '../target/target.ts';
import { AsyncCleanup } from '../util/async-cleanup.ts';
import { quoteName } from '../util/sql.ts';
import type { Expected, ExpectedPages } from './expected-pages.ts';
import { digestOf, type PrintedPage, pageQuestion } from './page-printer.ts';

/** Read transactions side by side: while one answer is read, the target prints the next ones. */
const SNAPSHOTS = 3;
const PAGES_A_REQUEST = 3;

export interface PageProof {
  /** Rows of each table that was proved equal, by its position in the scope. */
  readonly proved: ReadonlyMap<number, number>;
  /** What the target calls the state that was looked at. */
  readonly version: string | undefined;
}

export const NOTHING_PROVED: PageProof = { proved: new Map(), version: undefined };

export async function proveByPages(
  { tables, rowCount }: Expected,
  pages: ExpectedPages,
  target: Target,
  stage: Stage,
  run: Run,
): Promise<PageProof> {
  const proved = new Map<number, number>();
  let done = 0;
  const onRows = (rows: number) => {
    done += rows;
    run.emit({ kind: 'stage-progress', stage, done, total: rowCount, unit: 'rows' });
  };
  try {
    await using opened = new AsyncCleanup();
    const all = Array.from({ length: SNAPSHOTS }, () => opened.use(target.snapshot(run.signal)));
    const [version, ...others] = await Promise.all(all.map(begin));
    // Several, but only if all are about the same state.
    const areOne = version !== undefined && others.every((other) => other === version);
    const snapshots = areOne ? all : all.slice(0, 1);
    for (const [index, table] of tables.entries()) {
      if (table.key.length === 0) continue;
      const rows = await proveTable(pages.of(index), table, snapshots, onRows);
      if (rows !== undefined) proved.set(index, rows);
    }
    return { proved, version };
  } catch (error) {
    if (!(error instanceof AnswerTooLarge || error instanceof SnapshotLost)) throw error;
    return NOTHING_PROVED;
  }
}

async function begin(snapshot: Snapshot): Promise<string | undefined> {
  await snapshot.query([{ sql: 'SELECT 1' }]);
  return snapshot.version();
}

/**
 * @param snapshots of one state
 * @returns its number of rows; undefined when it is not proved
 */
async function proveTable(
  pages: AsyncGenerator<PrintedPage>,
  table: Table,
  snapshots: readonly Snapshot[],
  onRows: (rows: number) => void,
): Promise<number | undefined> {
  const count = [{ sql: `SELECT count(*) FROM ${quoteName(table.name)}` }];
  let rows = 0;
  let found: SqlValue | undefined;
  let isEqual = true;
  async function work(snapshot: Snapshot): Promise<void> {
    for (let batch = await take(pages); batch.length > 0 && isEqual; batch = await take(pages)) {
      isEqual &&= batch.every(({ digest }) => digest !== undefined);
      if (!isEqual) return;
      const hasLast = batch.at(-1)?.range.upTo === null;
      const questions = [...batch.map(({ range }) => pageQuestion(table, range)), ...(hasLast ? count : [])];
      const answers = await snapshot.query(questions, { undecoded: true });
      for (const [position, { digest, rowCount }] of batch.entries()) {
        const [text, , odd] = answers[position]?.[0] ?? [];
        isEqual &&= Number(odd) === 0 && digestOf(text as Uint8Array | string) === digest;
        rows += rowCount;
        onRows(rowCount);
      }
      if (hasLast) found = answers[batch.length]?.[0]?.[0];
    }
  }
  const stop = (error: unknown) => {
    isEqual = false;
    throw error;
  };
  const ends = await Promise.allSettled(snapshots.map((snapshot) => work(snapshot).catch(stop)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  // Pages leave out what has no place in an order, a NULL in a key for one.
  return isEqual && found === BigInt(rows) ? rows : undefined;
}

/** The next few, or none when there are no more. */
async function take(pages: AsyncGenerator<PrintedPage>): Promise<PrintedPage[]> {
  const taken: PrintedPage[] = [];
  while (taken.length < PAGES_A_REQUEST) {
    const next = await pages.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}
