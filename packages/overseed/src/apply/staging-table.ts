/** Names and DDL of staging tables: tables on the target that no reader looks at, where rows wait for the batch. */
import { storedColumns, type Table } from '../model/schema.ts';
import { tableUnderName } from '../sqlite/renamed.ts';
import { ifNotExists } from '../sqlite/stored-sql.ts';
import type { Statement } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';
import { assertUntouched, type Operation, unwatch, watch } from './touch-triggers.ts';

export const STAGING_PREFIX = '_overseed_stage_';

/** Staged rows of table number `index` of the scope, for the run `runId`. */
export function stagingName(runId: string, index: number): string {
  return `${STAGING_PREFIX}${runId.replaceAll('-', '_')}_${index}`;
}

/** A copy of the live table that takes its place before the staged one does. */
export function twinName(staging: string): string {
  return `${staging}_twin`;
}

/** For `delta`: the kind of change and the cells, without affinity, so that each value stays what it is. */
export function deltaStagingSql(table: Table, name: string): string {
  const cells = storedColumns(table).map((_, index) => `c${index}`);
  return `CREATE TABLE IF NOT EXISTS ${quoteName(name)} (kind, ${cells.join(', ')})`;
}

/**
 * For a swap: the table's own definition under another name. Its foreign keys are in force already: what others do to the
 * tables that it refers to may reach it by a cascade, which is noted. Filling it is not.
 */
export function createSuccessor(table: Table, name: string): Statement[] {
  const create = { sql: ifNotExists(tableUnderName(table, name)) };
  return isWithinReach(table) ? [create, ...watch([name], REACHED)] : [create];
}

/** Fails when a cascade has reached the successor. To be followed by {@link releaseSuccessor}. */
export function assertSuccessorWhole(table: Table, name: string): Statement[] {
  return isWithinReach(table) ? [assertUntouched([name], REACHED)] : [];
}

export function releaseSuccessor(table: Table, name: string): Statement[] {
  return isWithinReach(table) ? unwatch([name], REACHED) : [];
}

const REACHED: readonly Operation[] = ['UPDATE', 'DELETE'];

function isWithinReach({ foreignKeys }: Table): boolean {
  return foreignKeys.length > 0;
}
