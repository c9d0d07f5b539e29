/**
 * Indexes of a table that is built aside. Building one sorts all rows, under the lock; several of them inside the batch
 * would take longer than a server lets anybody keep the lock. So they are built before the batch, each by itself. Its name is
 * taken, by the index of the live table: an equal one stands in for that, under another name, until the batch drops it
 * together with its table. At no moment is the live table without one of its indexes.
 *
 * Where even one index takes too long, none is built in one piece: the live table gets its stand-ins by way of a twin, and the
 * new table has its indexes before it has its rows.
 *
 * A run that dies leaves stand-ins. Readers do not notice; the next run gives the names back.
 */
import type { Lease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import type { Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import { indexesUnderName } from '../sqlite/renamed.ts';
import { ifNotExists } from '../sqlite/stored-sql.ts';
import { standInFor, underName } from '../target/stand-in.ts';
import { ask, type Statement, type Target } from '../target/target.ts';
import { foldName } from '../util/fold-name.ts';
import { placeholders, quoteName, quoteText } from '../util/sql.ts';
import { assertDefined, type Definitions, SCHEMA } from './schema-objects.ts';
import { createSuccessor, twinName } from './staging-table.ts';
import { isRefusal, replaceByTwin } from './twin.ts';
import { tablesMoved } from './watch.ts';

/** Where indexes are, and who may touch them. */
export interface IndexWork {
  readonly target: Target;
  readonly lease: Lease;
  /** Names of the tables in which ANALYZE keeps its results. */
  readonly statistics: readonly string[];
}

/** A table that takes the place of another in the batch, with its indexes. */
export interface Successor {
  readonly table: Table;
  readonly staging: string;
}

/** The indexes that stand in for those of a table. */
function standInsOf({ indexes }: Table): Table['indexes'] {
  return indexes.map(({ name, sql }) => ({ name: standInFor(name), sql: underName(sql, standInFor(name)) }));
}

/**
 * Builds the indexes of tables that hold their rows already, in one piece each.
 * @returns the definitions of the live tables as they are now
 * @throws TARGET_MOVED when somebody has changed one of the indexes; LEASE_LOST
 */
export async function buildIndexes(
  work: IndexWork,
  successors: readonly Successor[],
  run: Run,
): Promise<Definitions[]> {
  const total = successors.reduce((sum, { table }) => sum + 2 * table.indexes.length, 0);
  let done = 0;
  const build = async (sql: string) => {
    await buildOne(work, sql, run);
    run.emit({ kind: 'stage-progress', stage: 'index', done: ++done, total, unit: 'indexes' });
  };
  const live: Definitions[] = [];
  for (const successor of successors) {
    const { table, staging } = successor;
    const standIns = standInsOf(table);
    for (const { sql } of standIns) await build(sql);
    await replaceIndexes(work, table, standIns, run);
    for (const { sql } of indexesUnderName(table, staging)) await build(sql);
    live.push({ ...table, indexes: standIns });
  }
  return live;
}

/**
 * Makes the tables that are to be filled, with their indexes, and frees the names for these, without ever holding the lock for
 * long.
 * @returns and throws as {@link buildIndexes}
 */
export async function prepareGradually(
  { target, lease, statistics }: IndexWork,
  successors: readonly Successor[],
  run: Run,
): Promise<Definitions[]> {
  const live: Definitions[] = [];
  for (const { table, staging } of successors) {
    const afterwards = table.indexes.flatMap(({ name }) =>
      moveStatistics(statistics, table.name, name, standInFor(name)),
    );
    const guards = [assertDefined([table.sql, ...table.indexes.map(({ sql }) => sql)])];
    const twin = twinName(staging);
    const wanted = standInsOf(table);
    live.push(
      await replaceByTwin(target, { table, wanted, twin, statistics, guards, afterwards }, lease, run),
    );
    const create = [
      ...createSuccessor(table, staging),
      ...indexesUnderName(table, staging).map(({ sql }) => ({ sql: ifNotExists(sql) })),
    ];
    await writeUnderLease(target, lease, create, run);
  }
  return live;
}

/** In a transaction of its own. */
export function buildOne({ target, lease }: IndexWork, sql: string, run: Run): Promise<unknown> {
  return writeUnderLease(target, lease, [{ sql: ifNotExists(sql) }], run);
}

/** One short transaction: the stand-ins are there, so the others can go. */
async function replaceIndexes(
  { target, lease, statistics }: IndexWork,
  { name: table, indexes }: Table,
  standIns: Table['indexes'],
  run: Run,
): Promise<void> {
  const names = indexes.map(({ name }) => name);
  const steps = [
    assertDefined([...standIns, ...indexes].map(({ sql }) => sql)),
    ...names.flatMap((name) => moveStatistics(statistics, table, name, standInFor(name))),
    ...names.map((name) => ({ sql: `DROP INDEX ${quoteName(name)}` })),
  ];
  const areGone = async () => (await ownersOf(target, names, run)).size === 0;
  try {
    await writeUnderLease(target, lease, steps, run, areGone);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Nothing was replaced: whatever has become of the originals is not ours to undo.
    const drops = standIns.map(({ name }) => ({ sql: `DROP INDEX IF EXISTS ${quoteName(name)}` }));
    await writeUnderLease(target, lease, drops, run);
    throw tablesMoved([SCHEMA], target.label, error);
  }
}

/** To which table an index belongs, or what else has its name, by the name as it was given. */
export async function ownersOf(
  target: Target,
  names: readonly string[],
  run: Run,
): Promise<Map<string, string>> {
  const sql = `SELECT name, tbl_name FROM sqlite_schema WHERE name COLLATE NOCASE IN ${placeholders(names.length)}`;
  const [rows = []] = await ask(target, [{ sql, args: names }], run.signal);
  const owners = new Map(rows.map(([name, table]) => [foldName(String(name)), String(table)]));
  return new Map(
    names.flatMap((name) => {
      const owner = owners.get(foldName(name));
      return owner === undefined ? [] : [[name, owner]];
    }),
  );
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
