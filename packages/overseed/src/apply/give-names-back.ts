import { writeUnderLease } from '../lease/write-under-lease.ts';
import { messageOf, OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import { assertEquals } from '../target/assert-equals.ts';
import { originalOf, standInFor, underName } from '../target/stand-in.ts';
import { ask, type Target } from '../target/target.ts';
import { foldName } from '../util/fold-name.ts';
import { groupBy } from '../util/group-by.ts';
import { quoteName } from '../util/sql.ts';
import { buildOne, type IndexWork, moveStatistics, ownersOf } from './index-names.ts';
import { stagingName, twinName } from './staging-table.ts';
import { GRADUAL_US, indexBuildUs } from './strategy.ts';
import { replaceByTwin } from './twin.ts';

/**
 * Gives indexes their names back, after a run that could not. Staging tables, which may bear the names, must be gone.
 * @param tables all that stand-ins may belong to; their indexes are defined word for word as they are here
 * @param longestUs what takes longer in one piece is done by way of a twin
 * @param mayCopy whether there is time for a twin; without it such tables stay as they are, and a warning says so
 * @throws LEASE_LOST, and what writing throws
 */
export async function giveNamesBack(
  work: IndexWork,
  tables: readonly Table[],
  run: Run,
  { longestUs = GRADUAL_US, mayCopy = true } = {},
): Promise<void> {
  const { target } = work;
  const definitions = new Map(tables.flatMap(({ indexes }) => indexes.map(({ name, sql }) => [name, sql])));
  const found = (await readStandIns(target, run)).map(({ standIn, table, sql }) => {
    const name = originalOf(standIn) ?? standIn;
    return { standIn, name, table, sql: definitions.get(name) ?? underName(sql, name) };
  });
  const owners =
    found.length > 0
      ? await ownersOf(
          target,
          found.map(({ name }) => name),
          run,
        )
      : new Map();
  const standIns = found.filter((each) => {
    const owner = owners.get(each.name);
    if (owner === undefined || foldName(owner) === foldName(each.table)) return true;
    run.emit({ kind: 'warning', message: nameTaken(each, target.label, owner) });
    return false;
  });
  for (const [name, own] of groupBy(standIns, ({ table }) => foldName(table))) {
    const table = tables.find((each) => foldName(each.name) === name);
    const count = { sql: `SELECT count(*) FROM ${quoteName(own[0]?.table ?? '')}` };
    const [counts = []] = await ask(target, [count], run.signal);
    const us = indexBuildUs(Number(counts[0]?.[0] ?? 0));
    const isLong = table && us > longestUs && rowidName(table) !== undefined;
    if (isLong && mayCopy) await giveBackGradually(work, table, own, run);
    else if (isLong)
      run.emit({ kind: 'warning', message: namesLeft(target.label, `${table.name} is large.`) });
    else for (const each of own) await giveBack(work, each, run);
  }
}

function nameTaken({ standIn, name, table }: StandIn, label: string, owner: string): string {
  return `An index of ${table} on ${label} is called ${standIn} since a run that did not end, and its own name, ${name}, is taken by now (by ${owner}). It stays as it is: rename the one, or drop the other.`;
}

interface StandIn {
  readonly standIn: string;
  readonly name: string;
  readonly table: string;
  /** The definition under the original name. */
  readonly sql: string;
}

async function giveBack(work: IndexWork, { standIn, name, table, sql }: StandIn, run: Run): Promise<void> {
  const { target, lease, statistics } = work;
  await buildOne(work, sql, run);
  const isBack = assertEquals(
    `SELECT count(*) FROM sqlite_schema WHERE type='index' AND name=? AND tbl_name=? COLLATE NOCASE`,
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

/** Those that have their originals beside them just go; a twin of the table brings the other originals. */
async function giveBackGradually(
  { target, lease, statistics }: IndexWork,
  table: Table,
  standIns: readonly StandIn[],
  run: Run,
): Promise<void> {
  const wanted = new Map(table.indexes.map(({ name, sql }) => [name, sql]));
  for (const { name, sql } of standIns) wanted.set(name, sql);
  const input = {
    table,
    wanted: [...wanted].map(([name, sql]) => ({ name, sql })),
    twin: twinName(stagingName(run.id, 0)),
    statistics,
    guards: [],
    afterwards: standIns.flatMap(({ standIn, name }) =>
      moveStatistics(statistics, table.name, standIn, name),
    ),
  };
  await replaceByTwin(target, input, lease, run);
}

function namesLeft(label: string, why: string): string {
  return `Some indexes on ${label} have temporary names (${standInFor('…')}), which the next push puts right: ${why}`;
}

/** The same after a failure, which is what the user has to know about. Who has pressed Ctrl-C does not wait for minutes. */
export async function tryToGiveNamesBack(work: IndexWork, known: readonly Table[], run: Run): Promise<void> {
  try {
    const patient = { ...run, signal: new AbortController().signal };
    await giveNamesBack(work, known, patient, { mayCopy: !run.signal.aborted });
  } catch (error) {
    const why = error instanceof OverseedError ? error.what : messageOf(error);
    run.emit({ kind: 'warning', message: namesLeft(work.target.label, why) });
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
