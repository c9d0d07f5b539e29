import type { MeasuredAsset } from './asset.ts';
import type { Dependants } from './dependants.ts';
import type { SourceFingerprint, TargetFingerprint } from './fingerprint.ts';
import type { StoreCost } from './store-cost.ts';

/** What will happen to one table. */
export interface TablePlan {
  readonly table: string;
  readonly inserts: number;
  readonly updates: number;
  readonly deletes: number;
  readonly unchanged: number;
  /** Rows on the target before, and after. */
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  /** How many rows each changed column has a new value in, most first. */
  readonly changedColumns: readonly { readonly column: string; readonly rows: number }[];
}

/**
 * How a table's rows get there: not at all, inside the batch, by way of a staging table, or built aside and renamed in; then
 * its indexes are made after that, before it, or row by row with the table.
 */
export type TableStrategy = 'none' | 'inline' | 'delta' | 'swap' | 'swap-indexed' | 'swap-gradual';

/** The table that readers see is another one afterwards. */
export function isSwap(strategy: TableStrategy | undefined): boolean {
  return strategy === 'swap' || bringsIndexes(strategy);
}

/** And it comes with its indexes, whose names must be free before. */
export function bringsIndexes(strategy: TableStrategy | undefined): boolean {
  return strategy === 'swap-indexed' || strategy === 'swap-gradual';
}

/** Rows travel ahead of the batch. */
export function isStaged(strategy: TableStrategy | undefined): boolean {
  return strategy === 'delta' || isSwap(strategy);
}

export interface ApplyStrategy {
  /** By table, in the order of the plan. */
  readonly tables: readonly TableStrategy[];
  /** Rows written on the target in its own accounting, estimated. */
  readonly estimatedRowsWritten: number;
  /** For people. */
  readonly why: string;
}

/** What a push would do; plain data. The rows themselves stay in the two SQLite files it was made from. */
export interface Plan {
  readonly formatVersion: 1;
  readonly target: string;
  readonly tables: readonly TablePlan[];
  readonly apply: ApplyStrategy;
  /** Rows outside the scope that the changes reach. */
  readonly dependants: readonly Dependants[];
  readonly uploads: readonly MeasuredAsset[];
  /** Assets that the target's ledger already knows in this store. */
  readonly reusedAssets: number;
  /** What the uploads cost; undefined when there are none. */
  readonly storeCost?: StoreCost;
  /** What it was made from, where that was asked for: it costs a pass over all rows. */
  readonly basedOn?: TargetFingerprint;
  readonly resultsIn?: SourceFingerprint;
}

function changedRows(plan: Plan): number {
  return plan.tables.reduce((sum, table) => sum + table.inserts + table.updates + table.deletes, 0);
}

export function isEmpty(plan: Plan): boolean {
  return changedRows(plan) === 0 && plan.uploads.length === 0;
}
