/** Names and DDL of staging tables: tables on the target that no reader looks at, where rows wait for the batch. */
import { storedColumns, type Table } from '../model/schema.ts';
import { tableUnderName } from '../sqlite/renamed.ts';
import { ifNotExists } from '../sqlite/stored-sql.ts';
import { quoteName } from '../util/sql.ts';

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

/** For a swap: the table's own definition under another name. */
export function swapStagingSql(table: Table, name: string): string {
  return ifNotExists(tableUnderName(table, name));
}
