/**
 * A twin takes the place of a live table: the same rows, the same indexes under other names. Rows are copied on the server in
 * short commits, into a table that has its indexes from the beginning; so nothing holds the lock for long, however large the
 * table is. Triggers tell whether anybody has changed the original meanwhile.
 */
import type { Lease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import { OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { indexesUnderName, tableUnderName } from '../sqlite/renamed.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import { ifNotExists } from '../sqlite/stored-sql.ts';
import { assertEquals } from '../target/assert-equals.ts';
import { originalOf, standInFor } from '../target/stand-in.ts';
import { ask, type Statement, StepFailed, type Target } from '../target/target.ts';
import { placeholders, quoteName } from '../util/sql.ts';
import { inSlices } from './in-slices.ts';
import { assertSchemaUnmoved, type Definitions, readSchemaObjects, SCHEMA } from './schema-objects.ts';
import { swapStatements } from './staged-statements.ts';
import { assertUntouched, EVERY, tryToUnwatch, unwatch, watch } from './touch-triggers.ts';
import { tablesMoved } from './watch.ts';

const LOWEST_ROWID = -(2n ** 63n);

export interface TwinInput {
  readonly table: Table;
  /** The indexes that it shall have; those of `table`, in its order, under whatever names. */
  readonly wanted: Table['indexes'];
  /** Name of the twin until it takes the place. */
  readonly twin: string;
  readonly statistics: readonly string[];
  /** Run in the transaction that exchanges them: what the original must still be, and what moves along. */
  readonly guards: readonly Statement[];
  readonly afterwards: readonly Statement[];
}

/**
 * @returns the definitions of the table as the target stores them now
 * @throws TARGET_MOVED when somebody changes the table meanwhile; LEASE_LOST. The original is in its place then
 */
export async function replaceByTwin(
  target: Target,
  input: TwinInput,
  lease: Lease,
  run: Run,
): Promise<Definitions> {
  const { table, wanted, twin } = input;
  try {
    await writeUnderLease(target, lease, watch([table.name], EVERY), run);
    const stored = await readDefinitions(target, table.name, run);
    if (!isAbout(stored.indexes, wanted)) throw tablesMoved([SCHEMA], target.label);
    const own: Definitions = {
      name: twin,
      sql: tableUnderName({ ...table, sql: stored.sql }, twin),
      indexes: indexesUnderName({ ...table, sql: stored.sql, indexes: wanted }, twin),
    };
    const drop = { sql: `DROP TABLE IF EXISTS ${quoteName(twin)}` };
    const create = [own.sql, ...own.indexes.map((index) => index.sql)].map((sql) => ({
      sql: ifNotExists(sql),
    }));
    await writeUnderLease(target, lease, [drop, ...create], run);
    await copyRows(target, table, twin, lease, run);
    await exchange(target, input, [stored, own], lease, run);
    return await readDefinitions(target, table.name, run);
  } catch (error) {
    await tryToUnwatch(target, [table.name], lease, run);
    throw error;
  }
}

/** Whether each of these indexes is, or stands in for, or is stood in for by one that is wanted. */
function isAbout(indexes: Table['indexes'], wanted: Table['indexes']): boolean {
  const names = new Set(wanted.map(({ name }) => name));
  return indexes.every(({ name }) =>
    [name, standInFor(name), originalOf(name) ?? ''].some((each) => names.has(each)),
  );
}

/** In the order of the rowid, which stays what it is: a search index may refer to it. */
async function copyRows(target: Target, table: Table, twin: string, lease: Lease, run: Run): Promise<void> {
  const [from, to] = [quoteName(table.name), quoteName(twin)];
  const rowid = rowidName(table) ?? 'rowid';
  const named = new Set(storedColumns(table).map(({ name }) => name));
  const columns = [rowid, ...[...named].map(quoteName)].join(', ');
  const [counts = []] = await ask(target, [{ sql: `SELECT count(*) FROM ${from}` }], run.signal);
  const slice = (size: number): Statement => ({
    sql: `INSERT INTO ${to} (${columns}) SELECT ${columns} FROM ${from}
      WHERE ${rowid}>=(SELECT ifnull(max(${rowid})+1, ?) FROM ${to}) ORDER BY ${rowid} LIMIT ?`,
    args: [LOWEST_ROWID, BigInt(size)],
  });
  await inSlices(target, lease, slice, Number(counts[0]?.[0] ?? 0), run);
}

async function exchange(
  target: Target,
  { table, wanted, twin, statistics, guards, afterwards }: TwinInput,
  definitions: readonly Definitions[],
  lease: Lease,
  run: Run,
): Promise<void> {
  const objects = await readSchemaObjects(target, run.signal);
  const difference = `SELECT (SELECT count(*) FROM ${quoteName(table.name)})-(SELECT count(*) FROM ${quoteName(twin)})`;
  const steps = [
    assertUntouched([table.name], EVERY),
    ...unwatch([table.name], EVERY),
    ...guards,
    assertEquals(difference, 0),
    ...assertSchemaUnmoved(objects, definitions),
    ...objects.drop,
    ...swapStatements(table, twin, statistics, afterwards),
    ...objects.create,
  ];
  try {
    await writeUnderLease(target, lease, steps, run, () => hasIndexes(target, table, wanted, run));
  } catch (error) {
    throw isRefusal(error) ? tablesMoved([table.name], target.label, error) : error;
  }
}

/** A step failed that asks whether everything is as it was. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof OverseedError) || error.code === 'LEASE_LOST') return false;
  return error.cause instanceof StepFailed;
}

async function hasIndexes(
  target: Target,
  table: Table,
  wanted: Table['indexes'],
  run: Run,
): Promise<boolean> {
  const names = wanted.map(({ name }) => name);
  const sql = `SELECT count(*) FROM sqlite_schema WHERE type='index' AND tbl_name=? AND name IN ${placeholders(names.length)}`;
  const [rows = []] = await ask(target, [{ sql, args: [table.name, ...names] }], run.signal);
  return rows[0]?.[0] === BigInt(names.length);
}

async function readDefinitions(target: Target, name: string, run: Run): Promise<Definitions> {
  const sql = `SELECT type, name, sql FROM sqlite_schema WHERE tbl_name=? COLLATE NOCASE AND type IN ('table','index') AND sql IS NOT NULL ORDER BY rowid`;
  const [rows = []] = await ask(target, [{ sql, args: [name] satisfies SqlValue[] }], run.signal);
  const table = rows.find(([type]) => type === 'table');
  const indexes = rows
    .filter(([type]) => type === 'index')
    .map(([, index, text]) => ({ name: String(index), sql: String(text) }));
  return { name, sql: String(table?.[2] ?? ''), indexes };
}
