/** What has to change. */
import { chooseStrategy } from '../apply/strategy.ts';
import type { Desired } from '../desired/desired.ts';
import { Workbench } from '../desired/workbench.ts';
import type { Dependants } from '../model/dependants.ts';
import type { Plan } from '../model/plan.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import { compareFiles } from '../plan/compare-files.ts';
import type { Comparison } from '../plan/comparison.ts';
import { countDependants, type DependantQuestion, dependantQuestions } from '../plan/dependants.ts';
import type { Actual } from '../pull/pull-target.ts';
import { countOf } from '../util/count-of.ts';
import type { ScratchFolder } from '../util/scratch-folder.ts';
import type { Parts } from './parts.ts';
import type { Prepared } from './prepare.ts';
import { fingerprintsFor } from './reviewed.ts';

export interface Difference extends Disposable {
  readonly comparison: Comparison;
  readonly plan: Plan;
  /** What was asked to find the plan's dependants. */
  readonly questions: readonly DependantQuestion[];
}

/** Touches nothing. @throws SOURCE_INVALID for rows that are too large for the target */
export async function compare(
  parts: Parts,
  { schema, followers, ledger }: Prepared,
  desired: Desired,
  actual: Actual,
  scratch: ScratchFolder,
  run: Run,
): Promise<Difference> {
  const { source, target, assetStore, strategy, recheckAssets = false } = parts;
  const rowCount = actual.rowCount + desired.rowCount;
  const { followed, comparison } = await inStage(
    run,
    'plan',
    async () => {
      const followed = await settleDesired(desired, followers, actual, run);
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
  const unknown = desired.assets.filter((asset) => !ledger.has(asset.hash));
  const known = desired.assets.filter((asset) => ledger.has(asset.hash));
  const lost = recheckAssets || !assetStore.lookingCosts ? await assetStore.findLost(known, run.signal) : [];
  const uploads = [...unknown, ...lost];
  const plan: Plan = {
    formatVersion: 1,
    target: target.label,
    tables: comparison.tables,
    apply: chooseStrategy(comparison.tables, comparison.scope, strategy),
    dependants: [...followed, ...(await countDependants(target, questions, run.signal))],
    uploads,
    reusedAssets: desired.assets.length - uploads.length,
    ...(await fingerprintsFor(parts, { desired, followers, actual }, run)),
  };
  run.emit({ kind: 'plan-made', plan });
  return { comparison, plan, questions, [Symbol.dispose]: () => comparison[Symbol.dispose]() };
}

/** What the desired database takes from the target: values of columns that nobody fills, and rows that follow others. */
async function settleDesired(
  { database, tables, rowCount, keptColumns }: Desired,
  followers: readonly Table[],
  actual: Actual,
  run: Run,
): Promise<Dependants[]> {
  if (keptColumns.length === 0 && followers.length === 0) return [];
  using bench = new Workbench(database.file, run.signal);
  const work = bench.for(rowCount + actual.rowCount);
  if (keptColumns.length > 0) await work.call('keepColumns', keptColumns, actual.file);
  return followers.length > 0 ? work.call('followCascades', tables, followers, actual.file) : [];
}

function describeComparison({ tables }: Comparison): string {
  const changes = tables.reduce((sum, table) => sum + table.inserts + table.updates + table.deletes, 0);
  return changes === 0
    ? 'no row differs'
    : `${countOf(changes, 'row')} ${changes === 1 ? 'differs' : 'differ'}`;
}
