/**
 * Equality of large tables without copying them: both engines print their rows in the order of the key as the same JSON,
 * page by page, and equal texts are equal rows. Different texts prove nothing, as another version may print another
 * escape; so whatever is not proved here is read and compared value by value.
 */
import type { Stage } from '../model/event.ts';
import type { Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import { type Apart, openApart } from '../sqlite/apart.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { AnswerTooLarge, type Snapshot, SnapshotLost, type Target } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';
import * as pageTexts from './page-texts.ts';

type Texts = Apart<ReturnType<typeof pageTexts.open>>;

/** What the target ought to hold. */
export interface Expected {
  readonly database: LocalDatabase;
  readonly tables: readonly Table[];
  readonly rowCount: number;
}

export interface PageProof {
  /** Rows of each table that was proved equal, by its position in the scope. */
  readonly proved: ReadonlyMap<number, number>;
  /** What the target calls the state that was looked at. */
  readonly version: string | undefined;
}

export const NOTHING_PROVED: PageProof = { proved: new Map(), version: undefined };

export async function proveByPages(
  { database, tables, rowCount }: Expected,
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
    await using snapshot = target.snapshot(run.signal);
    using texts = openApart(
      pageTexts.open,
      pageTexts.module,
      { file: database.file, tables },
      { heavy: true, signal: run.signal },
    );
    for (const [index, table] of tables.entries()) {
      if (table.key.length === 0) continue;
      const rows = await proveTable(texts, index, table, snapshot, onRows);
      if (rows !== undefined) proved.set(index, rows);
    }
    return { proved, version: await snapshot.version() };
  } catch (error) {
    if (!(error instanceof AnswerTooLarge || error instanceof SnapshotLost)) throw error;
    return NOTHING_PROVED;
  }
}

/** @returns its number of rows; undefined when it is not proved */
async function proveTable(
  texts: Texts,
  index: number,
  table: Table,
  snapshot: Snapshot,
  onRows: (rows: number) => void,
): Promise<number | undefined> {
  let rows = 0;
  let coming = texts.call('page', index, null);
  for (;;) {
    const { range, text, rowCount } = await coming;
    if (text === undefined) return undefined;
    const isLast = range.upTo === null;
    if (!isLast) {
      coming = texts.call('page', index, range.upTo);
      // It is awaited in the next turn; should there be none, nobody misses its failure.
      coming.catch(() => undefined);
    }
    const counting = isLast ? [{ sql: `SELECT count(*) FROM ${quoteName(table.name)}` }] : [];
    const answers = await snapshot.query([pageTexts.pageQuestion(table, range), ...counting]);
    const [found, , odd] = answers[0]?.[0] ?? [];
    if (found !== text || Number(odd) > 0) return undefined;
    rows += rowCount;
    onRows(rowCount);
    // Pages leave out what has no place in an order, a NULL in a key for one.
    if (isLast) return answers[1]?.[0]?.[0] === BigInt(rows) ? rows : undefined;
  }
}
