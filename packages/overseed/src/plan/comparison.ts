import type { TablePlan } from '../model/plan.ts';
import type { Table } from '../model/schema.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { quoteName } from '../util/sql.ts';

/** `replace` is an update that must be done as delete and insert, because a unique value may move between rows. */
export type ChangeKind = 'insert' | 'update' | 'replace' | 'delete';

export interface ComparisonResult {
  /** The tables as they were compared: `key` is empty where rows have no identity, be it for want of a key or
   *  because of NULL in it. */
  readonly scope: readonly Table[];
  readonly tables: readonly TablePlan[];
}

/** Two databases side by side: what shall be is `main`, what is there is `actual`, what differs is in `changes`. */
export interface Comparison extends ComparisonResult, Disposable {
  readonly files: { readonly desired: string; readonly actual: string; readonly changes: string };
  readonly database: LocalDatabase;
}

/**
 * Where the changes of table number `index` are listed. With a key: `kind`, then the key as k1, k2 and so on; else
 * `before`, `after` (how often the row is there), then its cells as c1, c2 and so on.
 */
export function changesTable(index: number): string {
  return `changes.t${index}`;
}

/** Join condition of a row and its entry in {@link changesTable}. The row stands on the left: its collation counts. */
export function sameKeyAsChange(table: Table, row: string, change: string): string {
  return table.key.map((name, index) => `${row}.${quoteName(name)} IS ${change}.k${index + 1}`).join(' AND ');
}
