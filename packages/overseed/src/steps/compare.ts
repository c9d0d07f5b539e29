/** What has to change. */
import {
  BRIEF_REBUILD_US,
  type RenewedIndex,
  rebuildUs,
  renewalsOf,
} from '../apply/search-index-strategy.ts';
import { chooseStrategy, longLocks } from '../apply/strategy.ts';
import type { Desired } from '../desired/desired.ts';
import { Workbench } from '../desired/workbench.ts';
import type { Dependants } from '../model/dependants.ts';
import type { Plan } from '../model/plan.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import { warningsOf } from '../model/store-cost.ts';
import { changedBytes } from '../plan/changed-bytes.ts';
import { compareFiles } from '../plan/compare-files.ts';
import type { Comparison } from '../plan/comparison.ts';
import { countDependants, type DependantQuestion, dependantQuestions } from '../plan/dependants.ts';
import { examineIndexes, rebuildsOf } from '../plan/search-index-sizes.ts';
import type { Actual } from '../pull/pull-target.ts';
import { countOf } from '../util/count-of.ts';
import type { ScratchFolder } from '../util/scratch-folder.ts';
import type { ExpectedPages } from '../verify/expected-pages.ts';
import { type AssetChanges, chooseUploads } from './choose-uploads.ts';
import type { Parts } from './parts.ts';
import type { Prepared } from './prepare.ts';
import { fingerprintsFor } from './reviewed.ts';
import { forecastCost } from './store-cost.ts';

export interface Difference extends Disposable {
  readonly comparison: Comparison;
  readonly plan: Plan;
  /** What was asked to find the plan's dependants. */
  readonly questions: readonly DependantQuestion[];
  readonly renewals: readonly RenewedIndex[];
  readonly assets: AssetChanges;
}

/**
 * Touches nothing.
 * @param pages of the desired rows, for the proof that may follow: begun as soon as the rows are settled
 * @throws SOURCE_INVALID for rows that are too large for the target
 */
export async function compare(
  parts: Parts,
  prepared: Prepared,
  desired: Desired,
  actual: Actual,
  scratch: ScratchFolder,
  run: Run,
  pages?: ExpectedPages,
): Promise<Difference> {
  const { source, target, strategy } = parts;
  const { schema, followers } = prepared;
  const rowCount = actual.rowCount + desired.rowCount;
  const { followed, comparison } = await inStage(
    run,
    'plan',
    async () => {
      const followed = await settleDesired(desired, followers, actual, run);
      pages?.begin();
      const comparison = await compareFiles(
        {
          desired: desired.database,
          tables: desired.tables,
          actualFile: actual.file,
          changesFile: scratch.file('changes.db'),
          rowCount,
          maxRowBytes: target.maxRowBytes,
          source: source.label,
        },
        run.signal,
      );
      return { followed, comparison };
    },
    (result) => describeComparison(result.comparison),
  );
  const questions = dependantQuestions(schema, comparison);
  const { fence } = actual;
  const assets = await chooseUploads(
    parts,
    prepared.ledger,
    { used: desired.assets, comparison, fence },
    run,
  );
  const { uploads } = assets;
  const storeCost = await forecastCost(parts.assetStore, uploads, run);
  const isForced = strategy !== undefined;
  const rebuilds = await examineIndexes(
    rebuildsOf(comparison, prepared.searchIndexes),
    comparison,
    target,
    (rebuild) => isForced || rebuildUs(rebuild) > BRIEF_REBUILD_US,
    run.signal,
  );
  const plan: Plan = {
    formatVersion: 1,
    target: target.label,
    tables: comparison.tables,
    apply: chooseStrategy({
      kind: target.kind,
      plans: comparison.tables,
      tables: comparison.scope,
      changedBytes: () => changedBytes(comparison),
      rebuilds,
      forced: strategy,
    }),
    dependants: [...followed, ...(await countDependants(target, questions, run.signal))],
    uploads,
    reusedAssets: desired.assets.length - uploads.length,
    ...(storeCost ? { storeCost } : {}),
    ...(await fingerprintsFor(parts, { desired, followers, actual }, run)),
  };
  run.emit({ kind: 'plan-made', plan });
  const known = assets.ledger?.entries ?? new Map();
  parts.onCompared?.({ comparison, plan, assets: desired.assets, ledger: known });
  const strategies = plan.apply.tables;
  const renewals = renewalsOf(rebuilds, comparison.scope, strategies, isForced);
  if (target.kind === 'remote') {
    const locks = longLocks({ plans: plan.tables, tables: comparison.scope, renewals, strategies });
    for (const message of locks) run.emit({ kind: 'warning', message });
  }
  for (const message of storeCost ? warningsOf(storeCost) : []) run.emit({ kind: 'warning', message });
  return {
    comparison,
    plan,
    questions,
    renewals,
    assets,
    [Symbol.dispose]: () => comparison[Symbol.dispose](),
  };
}

/** Whether the desired database takes nothing from the target. */
export function needsNothing({ keptColumns }: Desired, { followers }: Pick<Prepared, 'followers'>): boolean {
  return keptColumns.length === 0 && followers.length === 0;
}

/** What the desired database takes from the target: values of columns that nobody fills, and rows that follow others. */
async function settleDesired(
  desired: Desired,
  followers: readonly Table[],
  actual: Actual,
  run: Run,
): Promise<Dependants[]> {
  if (needsNothing(desired, { followers })) return [];
  const { database, tables, rowCount, keptColumns } = desired;
  using bench = new Workbench(database.file, run.signal);
  const work = bench.for(rowCount + actual.rowCount);
  if (keptColumns.length > 0) await work.call('keepColumns', tables, keptColumns, actual.file);
  return followers.length > 0 ? work.call('followCascades', tables, followers, actual.file) : [];
}

function describeComparison({ tables }: Comparison): string {
  const changes = tables.reduce((sum, table) => sum + table.inserts + table.updates + table.deletes, 0);
  return changes === 0
    ? 'no row differs'
    : `${countOf(changes, 'row')} ${changes === 1 ? 'differs' : 'differ'}`;
}
