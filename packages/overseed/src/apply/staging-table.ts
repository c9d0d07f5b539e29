/** Names and DDL of staging tables: tables on the target that no reader looks at, where rows wait for the batch. */
import { storedColumns, type Table } from '../model/schema.ts';
import { quoteName } from '../util/sql.ts';

export const STAGING_PREFIX = '_overseed_stage_';

/** Staged rows of table number `index` of the scope, for the run `runId`. */
export function stagingName(runId: string, index: number): string {
  return `${STAGING_PREFIX}${runId.replaceAll('-', '_')}_${index}`;
}

/** For `delta`: the kind of change and the cells, without affinity, so that each value stays what it is. */
export function deltaStagingSql(table: Table, name: string): string {
  const cells = storedColumns(table).map((_, index) => `c${index}`);
  return `CREATE TABLE IF NOT EXISTS ${quoteName(name)} (kind, ${cells.join(', ')})`;
}

/** For `swap`: the table's own definition under another name. */
export function swapStagingSql(table: Table, name: string): string {
  const end = endOfName(table.sql);
  return `CREATE TABLE IF NOT EXISTS ${quoteName(name)}${table.sql.slice(end)}`;
}

/**
 * Where the name ends in a stored `CREATE TABLE`. SQLite stores the statement as it was written, without schema
 * name and IF NOT EXISTS; after a rename the name is quoted.
 * @throws Error when it does not begin as every stored table does
 */
function endOfName(sql: string): number {
  const head = /^CREATE TABLE\s+/i.exec(sql);
  if (!head) throw new Error('not a CREATE TABLE statement');
  const start = head[0].length;
  const name = /^("(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'|[^\s("`[']+)/.exec(
    sql.slice(start),
  );
  if (!name) throw new Error('a CREATE TABLE statement without a name');
  return start + name[0].length;
}
