/**
 * Indexes of a table that is built aside. Building one sorts all rows, under the lock; several of them inside the batch
 * would take longer than a server lets anybody keep the lock. So each is built before the batch, by itself. Its name is
 * taken, by the index of the live table: an equal one stands in for that, under another name, until the batch drops it
 * together with its table. At no moment is the live table without one of its indexes.
 *
 * A run that dies leaves stand-ins. Readers do not notice; the next run gives the names back.
 */
import type { Lease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import { messageOf, OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import { indexesUnderName } from '../sqlite/renamed.ts';
import { ifNotExists } from '../sqlite/stored-sql.ts';
import { assertEquals } from '../target/assert-equals.ts';
import { originalOf, standInFor, underName } from '../target/stand-in.ts';
import { ask, type Statement, StepFailed, type Target } from '../target/target.ts';
import { runAloneAgain } from '../target/write-again.ts';
import { placeholders, quoteName, quoteText } from '../util/sql.ts';
import { assertDefined, SCHEMA } from './schema-objects.ts';
import { tablesMoved } from './watch.ts';

/** A table that takes the place of another in the batch, with its indexes. */
export interface Successor {
  readonly table: Table;
  readonly staging: string;
  /** Longest time that one of its indexes may take to build, in ms, estimated. */
  readonly buildMs: number;
}

/** Longer than any estimate is wrong by. */
const PATIENCE = 5;
const PATIENCE_MS = 30_000;

/** The table as it is while others stand in for its indexes. */
export function withStandIns(table: Table): Table {
  const indexes = table.indexes.map(({ name, sql }) => {
    const standIn = standInFor(name);
    return { name: standIn, sql: underName(sql, standIn) };
  });
  return { ...table, indexes };
}

/**
 * @param statistics names of the tables in which ANALYZE keeps its results
 * @returns number of indexes built for the successors
 * @throws TARGET_MOVED when somebody has changed one of the indexes; LEASE_LOST
 */
export async function buildIndexes(
  target: Target,
  successors: readonly Successor[],
  lease: Lease,
  statistics: readonly string[],
  run: Run,
): Promise<number> {
  const total = successors.reduce((sum, { table }) => sum + 2 * table.indexes.length, 0);
  let done = 0;
  const build = async (sql: string, { buildMs }: Successor) => {
    const hold = lease.holdFor(PATIENCE_MS + buildMs * PATIENCE);
    await writeUnderLease(target, lease, [hold], run);
    await runAloneAgain(target, { sql: ifNotExists(sql) }, run);
    run.emit({ kind: 'stage-progress', stage: 'index', done: ++done, total, unit: 'indexes' });
  };
  for (const successor of successors) {
    const { table } = successor;
    const standIns = withStandIns(table).indexes;
    for (const { sql } of standIns) await build(sql, successor);
    await replaceIndexes(target, table, standIns, lease, statistics, run);
    for (const { sql } of indexesUnderName(table, successor.staging)) await build(sql, successor);
  }
  return total / 2;
}

/** One short transaction: the stand-ins are there, so the others can go. */
async function replaceIndexes(
  target: Target,
  { name: table, indexes }: Table,
  standIns: Table['indexes'],
  lease: Lease,
  statistics: readonly string[],
  run: Run,
): Promise<void> {
  const names = indexes.map(({ name }) => name);
  const definitions = indexes.map(({ sql }) => sql);
  const steps = [
    assertDefined(standIns.map(({ sql }) => sql)),
    // What somebody has made of them meanwhile must not get lost. They may be gone, if the answer was.
    assertEquals(
      `SELECT count(*) FROM sqlite_schema WHERE type='index' AND name IN ${placeholders(names.length)} AND sql NOT IN ${placeholders(names.length)}`,
      0,
      [...names, ...definitions],
    ),
    ...names.flatMap((name) => moveStatistics(statistics, table, name, standInFor(name))),
    ...names.map((name) => ({ sql: `DROP INDEX IF EXISTS ${quoteName(name)}` })),
  ];
  try {
    await writeUnderLease(target, lease, steps, run);
  } catch (error) {
    const isMoved = error instanceof OverseedError && error.cause instanceof StepFailed;
    throw isMoved && error.code !== 'LEASE_LOST' ? tablesMoved([SCHEMA], target.label, error) : error;
  }
}

/** DROP INDEX takes the statistics of an index away, so they go to the one that replaces it. */
export function moveStatistics(
  statistics: readonly string[],
  table: string,
  from: string,
  to: string,
): Statement[] {
  return statistics.map((name) => ({
    sql: `UPDATE ${quoteName(name)} SET idx=${quoteText(to)} WHERE tbl=${quoteText(table)} AND idx=${quoteText(from)}`,
  }));
}

/**
 * Gives indexes their names back, after a run that could not. Staging tables, which may bear the names, must be gone.
 * @param known tables whose indexes shall be defined word for word as before; of others only the name may be quoted anew
 * @throws LEASE_LOST, and what writing throws
 */
export async function giveNamesBack(
  target: Target,
  known: readonly Table[],
  lease: Lease,
  statistics: readonly string[],
  run: Run,
): Promise<void> {
  const definitions = new Map(known.flatMap(({ indexes }) => indexes.map(({ name, sql }) => [name, sql])));
  for (const { standIn, table, sql } of await readStandIns(target, run)) {
    const name = originalOf(standIn) ?? standIn;
    const original = definitions.get(name) ?? underName(sql, name);
    await writeUnderLease(target, lease, [lease.holdFor(PATIENCE_MS * PATIENCE)], run);
    await runAloneAgain(target, { sql: ifNotExists(original) }, run);
    const isBack = assertEquals(
      `SELECT count(*) FROM sqlite_schema WHERE type='index' AND name=? AND tbl_name=?`,
      1,
      [name, table],
    );
    const drop = { sql: `DROP INDEX IF EXISTS ${quoteName(standIn)}` };
    await writeUnderLease(
      target,
      lease,
      [isBack, ...moveStatistics(statistics, table, standIn, name), drop],
      run,
    );
  }
}

/** The same after a failure, which is what the user has to know about. */
export async function tryToGiveNamesBack(
  target: Target,
  known: readonly Table[],
  lease: Lease,
  statistics: readonly string[],
  run: Run,
): Promise<void> {
  try {
    await giveNamesBack(target, known, lease, statistics, { ...run, signal: new AbortController().signal });
  } catch (error) {
    run.emit({
      kind: 'warning',
      message: `Some indexes on ${target.label} have temporary names (${standInFor('…')}), which the next push puts right: ${error instanceof OverseedError ? error.what : messageOf(error)}`,
    });
  }
}

async function readStandIns(
  target: Target,
  run: Run,
): Promise<{ standIn: string; table: string; sql: string }[]> {
  const sql = `SELECT name, tbl_name, sql FROM sqlite_schema WHERE type='index' AND substr(name, 1, ?)=? ORDER BY rowid`;
  const prefix = standInFor('');
  const [rows = []] = await ask(target, [{ sql, args: [BigInt(prefix.length), prefix] }], run.signal);
  return rows.map(([name, table, text]) => ({
    standIn: String(name),
    table: String(table),
    sql: String(text),
  }));
}
