/**
 * Whether anybody changes a table from now on: triggers note it, inside the transaction of whoever does. They cost a live
 * site a little, and its schema three triggers a table; so on live tables they are for the time when others are known to write,
 * or when the target cannot say whether they do.
 *
 * The table with the notes stays where it was once needed: a trigger that is left without it would fail everybody's writes.
 */
import type { Lease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import { messageOf, OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import { assertEquals } from '../target/assert-equals.ts';
import { TOUCH_PREFIX } from '../target/read-schema.ts';
import type { Statement, Target } from '../target/target.ts';
import { placeholders, quoteName, quoteText } from '../util/sql.ts';

const TOUCHED_TABLE = '_overseed_touched';

export type Operation = 'INSERT' | 'UPDATE' | 'DELETE';

/** Whatever changes a row. */
export const EVERY: readonly Operation[] = ['INSERT', 'UPDATE', 'DELETE'];

/** What has been noted of these tables so far is forgotten, and from now on these operations are. */
export function watch(tables: readonly string[], operations: readonly Operation[]): Statement[] {
  return [
    { sql: `CREATE TABLE IF NOT EXISTS ${TOUCHED_TABLE} (tbl TEXT)` },
    { sql: `DELETE FROM ${TOUCHED_TABLE} WHERE tbl IN ${placeholders(tables.length)}`, args: tables },
    ...tables.flatMap((table) => operations.map((operation) => ({ sql: triggerSql(table, operation) }))),
  ];
}

/** No unique constraint: the conflict clause of whoever fires a trigger counts for the statements in it as well. */
function triggerSql(table: string, operation: Operation): string {
  const noted = `SELECT 1 FROM ${TOUCHED_TABLE} WHERE tbl=${quoteText(table)}`;
  return `CREATE TRIGGER IF NOT EXISTS ${quoteName(triggerName(table, operation))} AFTER ${operation} ON ${quoteName(table)}
    BEGIN INSERT INTO ${TOUCHED_TABLE} SELECT ${quoteText(table)} WHERE NOT EXISTS (${noted}); END`;
}

function triggerName(table: string, operation: Operation): string {
  return `${TOUCH_PREFIX}${operation.toLowerCase()}_${table}`;
}

function triggerNames(tables: readonly string[], operations: readonly Operation[]): string[] {
  return tables.flatMap((table) => operations.map((operation) => triggerName(table, operation)));
}

/** Fails when anything was noted of these tables, or when they are not the ones any more that were watched. */
export function assertUntouched(tables: readonly string[], operations: readonly Operation[]): Statement {
  const triggers = triggerNames(tables, operations);
  const noted = `SELECT count(*) FROM ${TOUCHED_TABLE} WHERE tbl IN ${placeholders(tables.length)}`;
  // Who rebuilds a table, as migrations do, takes its triggers away.
  const there = `SELECT count(*) FROM sqlite_schema WHERE type='trigger' AND name IN ${placeholders(triggers.length)}`;
  return assertEquals(`SELECT (${there})-(${noted})`, triggers.length, [...triggers, ...tables]);
}

/** Nothing is noted of these tables any more. */
export function unwatch(tables: readonly string[], operations: readonly Operation[]): Statement[] {
  return triggerNames(tables, operations).map(dropTrigger);
}

export function dropTrigger(name: string): Statement {
  return { sql: `DROP TRIGGER IF EXISTS ${quoteName(name)}` };
}

/** After a failure. Whoever has the lease now takes care of them, if it is somebody else. */
export async function tryToUnwatch(
  target: Target,
  tables: readonly string[],
  lease: Lease,
  run: Run,
): Promise<void> {
  const patient = { ...run, signal: new AbortController().signal };
  try {
    await writeUnderLease(target, lease, unwatch(tables, EVERY), patient);
  } catch (error) {
    if (error instanceof OverseedError && error.code === 'LEASE_LOST') return;
    run.emit({
      kind: 'warning',
      message: `Triggers that watch the tables on ${target.label} (${TOUCH_PREFIX}…) could not be removed, which the next push does: ${error instanceof OverseedError ? error.what : messageOf(error)}`,
    });
  }
}
