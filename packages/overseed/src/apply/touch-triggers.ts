/**
 * Whether anybody changes the tables of the source from now on: triggers note it, inside the transaction of whoever does.
 * They cost a live site a little, and its schema three triggers a table; so they are for the time when others are known to
 * write, or when the target cannot say whether they do.
 */
import type { Lease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import { messageOf, OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import { assertEquals } from '../target/assert-equals.ts';
import { TOUCH_PREFIX } from '../target/read-schema.ts';
import { ask, type Statement, type Target } from '../target/target.ts';
import { quoteName, quoteText } from '../util/sql.ts';

export const TOUCHED_TABLE = '_overseed_touched';

const OPERATIONS = ['INSERT', 'UPDATE', 'DELETE'] as const;

/** Fails when anybody has changed one of the tables since {@link watchTables}. */
export const assertUntouched: Statement = assertEquals(`SELECT count(*) FROM ${TOUCHED_TABLE}`, 0);

/** From here on every change of a row is noted; what was noted before is forgotten. @throws LEASE_LOST */
export async function watchTables(
  target: Target,
  tables: readonly Table[],
  lease: Lease,
  run: Run,
): Promise<void> {
  const steps = [
    { sql: `CREATE TABLE IF NOT EXISTS ${TOUCHED_TABLE} (tbl TEXT)` },
    { sql: `DELETE FROM ${TOUCHED_TABLE}` },
    ...tables.flatMap(({ name }) => OPERATIONS.map((operation) => ({ sql: triggerSql(name, operation) }))),
  ];
  await writeUnderLease(target, lease, steps, run);
}

/** No unique constraint: the conflict clause of whoever fires a trigger counts for the statements in it as well. */
function triggerSql(table: string, operation: (typeof OPERATIONS)[number]): string {
  const noted = `SELECT 1 FROM ${TOUCHED_TABLE} WHERE tbl=${quoteText(table)}`;
  return `CREATE TRIGGER IF NOT EXISTS ${quoteName(triggerName(table, operation))} AFTER ${operation} ON ${quoteName(table)}
    BEGIN INSERT INTO ${TOUCHED_TABLE} SELECT ${quoteText(table)} WHERE NOT EXISTS (${noted}); END`;
}

function triggerName(table: string, operation: string): string {
  return `${TOUCH_PREFIX}${operation.toLowerCase()}_${table}`;
}

/** Nothing is noted any more. */
export function unwatchTables(tables: readonly Table[]): Statement[] {
  const triggers = tables.flatMap(({ name }) => OPERATIONS.map((operation) => triggerName(name, operation)));
  return unwatch(triggers);
}

function unwatch(triggers: readonly string[]): Statement[] {
  return [
    ...triggers.map((name) => ({ sql: `DROP TRIGGER IF EXISTS ${quoteName(name)}` })),
    { sql: `DROP TABLE IF EXISTS ${TOUCHED_TABLE}` },
  ];
}

/** The same after a run that died, whatever its tables were. */
export async function unwatchAll(target: Target, lease: Lease, run: Run): Promise<void> {
  const sql = `SELECT name FROM sqlite_schema WHERE type='trigger' AND substr(name, 1, ?)=?`;
  const args = [BigInt(TOUCH_PREFIX.length), TOUCH_PREFIX];
  const [rows = []] = await ask(target, [{ sql, args }], run.signal);
  await writeUnderLease(target, lease, unwatch(rows.map(([name]) => String(name))), run);
}

/** After a failure. */
export async function tryToUnwatch(target: Target, tables: readonly Table[], run: Run): Promise<void> {
  try {
    await target.write(unwatchTables(tables), new AbortController().signal);
  } catch (error) {
    run.emit({
      kind: 'warning',
      message: `Triggers that watch the tables on ${target.label} (${TOUCH_PREFIX}…) could not be removed, which the next push does: ${error instanceof OverseedError ? error.what : messageOf(error)}`,
    });
  }
}
