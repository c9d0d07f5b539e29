/**
 * How the rows get there. A server lets another writer take the lock from a transaction that is older than five
 * seconds, so what matters is how long the atomic batch holds it; then, how many rows are written, which is billed.
 *
 * - `inline`: changed rows travel inside the batch itself. One round trip, nothing written but the changes. Parsing
 *   and binding happen under the lock, so it is for small changes.
 * - `delta`: changed rows wait in a staging table; the batch moves them. Rows written: each changed row twice.
 *   Under the lock: about 2 µs a changed row and index.
 * - `swap`: the whole table is built aside and renamed in. Rows written: each row of the table once, and once an
 *   index. Under the lock: the old table is dropped, 0.3 µs a row, and the named indexes are built. Sorting dominates that:
 *   n rows take n·log₂n·0.08 µs an index, 1.6 s for a million.
 * - `swap-indexed`: the same, but each index is built before the batch, by itself, for the new table and once more for the
 *   old one (`index-names.ts` says why). Rows written: as many again as the old table has, for each index. Under the
 *   lock of the batch: the drop alone; before it, one index at a time.
 * - `swap-gradual`: the same, but no index is built in one piece: the old table is copied, and the new one filled, with
 *   their indexes in place, in short commits. That is slow, 30 µs a row and index, and writes the old table's rows again.
 *
 * What a full-text index over a changed table takes under the lock (`search-index-strategy.ts`) is taken off the budget, so
 * that the rows themselves come in the briefest way; and if it is long, it is said.
 *
 * The times were measured on a server on loopback; their ratio is what decides, not their size.
 */
import {
  type ApplyStrategy,
  bringsIndexes,
  isSwap,
  type TablePlan,
  type TableStrategy,
} from '../model/plan.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import type { SizedIndex } from '../plan/search-index-sizes.ts';
import { canRename } from '../sqlite/renamed.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import type { Target } from '../target/target.ts';
import {
  describeRenewals,
  type RenewedIndex,
  renewalOf,
  renewalsOf,
  renewalUs,
} from './search-index-strategy.ts';

/** Up to this many changed cells, and bytes in them, the batch carries them itself. */
const INLINE_CELLS = 150_000;
const INLINE_BYTES = 8_000_000;
const DELTA_LOCK_US = 2;
const DROP_US = 0.3;
const INDEX_US = 0.08;
/**
 * Longest time that the batch should build indexes for. To build them beforehand costs a second one of each, so it has to
 * gain something; and a single one takes as long in its own transaction as it does in the batch.
 */
const INDEXES_BUDGET_US = 1_800_000;
/**
 * Longest time that one index may take in one piece. `sqld` gets stuck when a statement runs for longer than its window of
 * five seconds while somebody waits: neither goes on. This leaves room for a server that is slower than ours.
 */
export const GRADUAL_US = 3_000_000;
/** An index that is built in less is not worth a request of its own. */
const BRIEF_US = 20_000;
/** Longest time that the batch should hold the lock, in microseconds; the server's window is five seconds. */
const LOCK_BUDGET_US = 1_500_000;
const WINDOW_US = 5_000_000;

export interface StrategyInput {
  /** A file has no server that stands still; there an index is built in one piece, which is faster by far. */
  readonly kind: Target['kind'];
  readonly plans: readonly TablePlan[];
  readonly tables: readonly Table[];
  /** Asked when there are few enough changes otherwise. */
  readonly changedBytes: () => number;
  /** Full-text indexes that the changes put out of step. */
  readonly rebuilds: readonly SizedIndex[];
  /** Every changed table is applied so, as far as it can be. */
  readonly forced?: Exclude<TableStrategy, 'none'> | undefined;
}

export function chooseStrategy({
  kind,
  plans,
  tables,
  changedBytes,
  rebuilds,
  forced,
}: StrategyInput): ApplyStrategy {
  const taken = (how: TableStrategy) => {
    const all = rebuilds.map((rebuild) => renewalUs(rebuild, renewalOf(rebuild, how, forced !== undefined)));
    return all.reduce((sum, us) => sum + us, 0);
  };
  const takenUs = { delta: taken('delta'), swap: taken('swap') };
  const changes = plans.map(({ inserts, updates, deletes }) => inserts + updates + deletes);
  const cells = tables.reduce(
    (sum, table, index) => sum + (changes[index] ?? 0) * storedColumns(table).length,
    0,
  );
  const renewals = (strategies: readonly TableStrategy[]) =>
    renewalsOf(rebuilds, tables, strategies, forced !== undefined);
  // A rebuild that a server may not let end is worse than replacing a table for a few rows.
  const isBearable = takenUs.delta <= Math.max(GRADUAL_US, takenUs.swap);
  const isSmall = () => isBearable && cells <= INLINE_CELLS && changedBytes() <= INLINE_BYTES;
  if (forced === 'inline' || (forced === undefined && isSmall())) {
    const strategies = changes.map((count): TableStrategy => (count === 0 ? 'none' : 'inline'));
    return {
      tables: strategies,
      estimatedRowsWritten: written(plans, tables, strategies),
      why: `few enough changes for one request${describeRenewals(renewals(strategies))}`,
    };
  }
  const strategies = tables.map((table, index): TableStrategy => {
    const changed = changes[index] ?? 0;
    if (changed === 0) return 'none';
    // Without a key there is no row to find: the table is replaced in any case.
    if (table.key.length === 0) return 'swap';
    if (bringsIndexes(forced) && !canBuildAhead(table)) return 'swap';
    if (forced === 'swap-gradual' && rowidName(table) === undefined) return 'swap-indexed';
    return forced ?? (prefersSwap(table, plans[index] as TablePlan, changed, takenUs) ? 'swap' : 'delta');
  });
  if (forced === undefined) buildAhead(strategies, kind, tables, plans, INDEXES_BUDGET_US - takenUs.swap);
  return {
    tables: strategies,
    estimatedRowsWritten: written(plans, tables, strategies),
    why: `${describeSwaps(tables, strategies)}${describeRenewals(renewals(strategies))}`,
  };
}

/** Where the indexes of all tables that are replaced would take too long together, each is built by itself. */
function buildAhead(
  strategies: TableStrategy[],
  kind: Target['kind'],
  tables: readonly Table[],
  plans: readonly TablePlan[],
  budgetUs: number,
): void {
  const underLockUs = tables.map((table, index) =>
    strategies[index] === 'swap' ? indexesUs(table, plans[index]?.rowsAfter ?? 0) : 0,
  );
  if (underLockUs.reduce((sum, us) => sum + us, 0) <= budgetUs) return;
  for (const [index, us] of underLockUs.entries()) {
    const [table, plan] = [tables[index], plans[index]];
    if (us <= BRIEF_US || !table || !plan || !canBuildAhead(table)) continue;
    // For an old table that is far larger than the new one, stand-ins are not worth it, as long as the batch may.
    const isWorthIt = indexBuildUs(plan.rowsBefore) <= Math.max(GRADUAL_US, us);
    if (isWorthIt || us > WINDOW_US * 0.8) strategies[index] = aheadOf(kind, table, plan);
  }
}

/**
 * A vector index is asked by its name, so nothing can stand in for it. And this machine must know what an index is made of, to
 * write its definition for another table.
 */
export function canBuildAhead(table: Table): boolean {
  const isVector = table.indexes.some(({ sql }) => /\blibsql_vector_idx\s*\(/i.test(sql));
  return !isVector && canRename(table);
}

/** How the indexes of a table that is replaced are built before the batch. */
function aheadOf(
  kind: Target['kind'],
  table: Table,
  { rowsBefore, rowsAfter }: Pick<TablePlan, 'rowsBefore' | 'rowsAfter'>,
): 'swap-indexed' | 'swap-gradual' {
  const isLong = indexBuildUs(Math.max(rowsBefore, rowsAfter)) > GRADUAL_US;
  // A twin is copied in the order of the rowid.
  return kind === 'remote' && isLong && rowidName(table) !== undefined ? 'swap-gradual' : 'swap-indexed';
}

function describeSwaps(tables: readonly Table[], strategies: readonly TableStrategy[]): string {
  const names = (wanted: (strategy: TableStrategy | undefined) => boolean) =>
    tables.filter((_, index) => wanted(strategies[index])).map(({ name }) => name);
  const swapped = names(isSwap);
  if (swapped.length === 0) return 'changed rows staged, then moved';
  const hasIndexes = new Set(tables.filter(({ indexes }) => indexes.length > 0).map(({ name }) => name));
  const ahead = names(bringsIndexes).filter((name) => hasIndexes.has(name));
  const indexes = ahead.length > 0 ? `, the indexes of ${ahead.join(', ')} built beforehand` : '';
  return `${swapped.join(', ')} replaced whole${indexes}, so that the lock is held briefly`;
}

/** Of one index over so many rows, in microseconds. */
export function indexBuildUs(rows: number): number {
  return rows * Math.log2(Math.max(2, rows)) * INDEX_US;
}

function indexesUs({ indexes }: Table, rows: number): number {
  return indexes.length * indexBuildUs(rows);
}

/** What a user should know before: what keeps other writers waiting for longer than a server otherwise allows. */
export function longLocks({
  plans,
  tables,
  renewals,
  strategies,
}: Pick<StrategyInput, 'plans' | 'tables'> & {
  readonly renewals: readonly RenewedIndex[];
  readonly strategies: readonly TableStrategy[];
}): string[] {
  const rebuild = slowRebuild(renewals);
  const builds = tables.flatMap(({ name, indexes }, index) => {
    const { rowsBefore = 0, rowsAfter = 0 } = plans[index] ?? {};
    const us = indexBuildUs(Math.max(rowsBefore, rowsAfter));
    const isWhole = strategies[index] === 'swap' || strategies[index] === 'swap-indexed';
    if (!isWhole || indexes.length === 0 || us <= GRADUAL_US) return [];
    return [`Each index of ${name} is built while other writers wait, roughly ${seconds(us)}. ${WHEN_ALONE}`];
  });
  return [...(rebuild === undefined ? [] : [rebuild]), ...builds];
}

const WHEN_ALONE = `A server that has let somebody wait for ${WINDOW_US / 1e6} s may not let it end, and stand still: push when nobody else writes.`;

function seconds(us: number): string {
  return `${Math.round(us / 1e6)} s`;
}

function slowRebuild(renewals: readonly RenewedIndex[]): string | undefined {
  const rebuilt = renewals.filter(({ how }) => how === 'rebuild').map(({ rebuild }) => rebuild);
  const us = rebuilt.reduce((sum, rebuild) => sum + renewalUs(rebuild, 'rebuild'), 0);
  if (us <= GRADUAL_US) return undefined;
  const names = rebuilt.map(({ index }) => index.name).join(', ');
  return `The search index ${names} is rebuilt while other writers wait, roughly ${seconds(us)}. ${WHEN_ALONE}`;
}

/** @param takenUs what search indexes take under the lock in either case */
function prefersSwap(
  table: Table,
  plan: TablePlan,
  changed: number,
  takenUs: { readonly delta: number; readonly swap: number },
): boolean {
  const indexes = indexCount(table);
  const deltaLock = changed * (1 + indexes) * DELTA_LOCK_US + takenUs.delta;
  if (deltaLock > LOCK_BUDGET_US) return plan.rowsBefore * DROP_US + takenUs.swap < deltaLock;
  const isBrief =
    plan.rowsBefore * DROP_US + indexesUs(table, plan.rowsAfter) + takenUs.swap <= LOCK_BUDGET_US;
  return changed * (2 + indexes) > plan.rowsAfter * (1 + indexes) && isBrief;
}

function written(
  plans: readonly TablePlan[],
  tables: readonly Table[],
  strategies: readonly TableStrategy[],
): number {
  return tables.reduce((sum, table, index) => {
    const plan = plans[index] as TablePlan;
    const changed = plan.inserts + plan.updates + plan.deletes;
    const each = 1 + indexCount(table);
    if (strategies[index] === 'swap') return sum + plan.rowsAfter * each;
    if (strategies[index] === 'swap-indexed')
      return sum + plan.rowsAfter * each + plan.rowsBefore * table.indexes.length;
    if (strategies[index] === 'swap-gradual') return sum + (plan.rowsAfter + plan.rowsBefore) * each;
    return sum + changed * each + (strategies[index] === 'delta' ? changed : 0);
  }, 0);
}

/** B-trees that a row is entered into besides the table's own. */
function indexCount(table: Table): number {
  const keyIndex = table.key.length > 0 && !table.withoutRowid && !isRowidKey(table) ? 1 : 0;
  return table.indexes.length + keyIndex;
}

function isRowidKey(table: Table): boolean {
  const column = table.columns.find(({ name }) => name === table.key[0]);
  return table.key.length === 1 && column?.type.toUpperCase() === 'INTEGER';
}
