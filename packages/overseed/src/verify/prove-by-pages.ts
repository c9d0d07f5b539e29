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
import { quoteName } from '../util/sql.ts';
import type { Expected, ExpectedPages } from './expected-pages.ts';
import { digestOf, type PrintedPage, pageQuestion } from './page-printer.ts';

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
    await using first = target.snapshot(run.signal);
    await using second = target.snapshot(run.signal);
    const [version, other] = await Promise.all([first, second].map(begin));
    // While one answer is read, the target prints the next: but only if both are about the same state.
    const snapshots = version !== undefined && version === other ? [first, second] : [first];
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
    for (let next = await pages.next(); !next.done && isEqual; next = await pages.next()) {
      const { range, digest, rowCount } = next.value;
      const isLast = range.upTo === null;
      isEqual &&= digest !== undefined;
      if (!isEqual) return;
      const questions = [pageQuestion(table, range), ...(isLast ? count : [])];
      const answers = await snapshot.query(questions, { undecoded: true });
      const [text, , odd] = answers[0]?.[0] ?? [];
      isEqual &&= Number(odd) === 0 && digestOf(text as Uint8Array | string) === digest;
      rows += rowCount;
      onRows(rowCount);
      if (isLast) found = answers[1]?.[0]?.[0];
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
