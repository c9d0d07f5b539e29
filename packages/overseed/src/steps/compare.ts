/** The target's side: what it holds now, and what has to change. */
import { chooseStrategy } from '../apply/strategy.ts';
import { followCascades } from '../desired/follow-cascades.ts';
import { keepColumns } from '../desired/keep-columns.ts';
import type { Plan } from '../model/plan.ts';
import { inStage, type Run } from '../model/run.ts';
import { warningsOf } from '../model/store-cost.ts';
import { checkRowSizes } from '../plan/check-row-sizes.ts';
import { compareFiles } from '../plan/compare-files.ts';
import type { Comparison } from '../plan/comparison.ts';
import { countDependants, type DependantQuestion, dependantQuestions } from '../plan/dependants.ts';
import { type Actual, pullTarget } from '../pull/pull-target.ts';
import { countOf } from '../util/count-of.ts';
import type { ScratchFolder } from '../util/scratch-folder.ts';
import { type AssetChanges, chooseUploads } from './choose-uploads.ts';
import type { Parts } from './parts.ts';
import type { Prepared } from './prepare.ts';
import { forecastCost } from './store-cost.ts';

export interface Difference extends Disposable {
  readonly actual: Actual;
  readonly comparison: Comparison;
  readonly plan: Plan;
  /** What was asked to find the plan's dependants. */
  readonly questions: readonly DependantQuestion[];
  readonly assets: AssetChanges;
}

/** Touches nothing. @throws SOURCE_INVALID for rows that are too large for the target */
export async function compare(
  parts: Parts,
  prepared: Prepared,
  scratch: ScratchFolder,
  run: Run,
): Promise<Difference> {
  const { source, target, strategy } = parts;
  const { schema, desired, followers } = prepared;
  const file = scratch.file('actual.db');
  const actual = await inStage(
    run,
    'pull',
    () => pullTarget(target, desired.tables, file, run),
    ({ rowCount }) => countOf(rowCount, 'row'),
  );
  actual.database.close();
  keepColumns(desired, file);
  const followed = followCascades(desired, followers, file);
  const comparison = await inStage(
    run,
    'plan',
    () =>
      compareFiles(
        {
          desired: desired.database,
          tables: desired.tables,
          actualFile: file,
          changesFile: scratch.file('changes.db'),
          rowCount: actual.rowCount + desired.rowCount,
        },
        run.signal,
      ),
    describeComparison,
  );
  if (target.maxRowBytes !== undefined) checkRowSizes(comparison, target.maxRowBytes, source.label);
  const questions = dependantQuestions(schema, comparison);
  const assets = await chooseUploads(parts, prepared, { comparison, fence: actual.fence }, run);
  const { uploads } = assets;
  const storeCost = await forecastCost(parts.assetStore, uploads, run);
  const plan: Plan = {
    formatVersion: 1,
    target: target.label,
    tables: comparison.tables,
    apply: chooseStrategy(comparison.tables, comparison.scope, strategy),
    dependants: [...followed, ...(await countDependants(target, questions, run.signal))],
    uploads,
    reusedAssets: desired.assets.length - uploads.length,
    ...(storeCost ? { storeCost } : {}),
  };
  run.emit({ kind: 'plan-made', plan });
  for (const message of storeCost ? warningsOf(storeCost) : []) run.emit({ kind: 'warning', message });
  return {
    actual,
    comparison,
    plan,
    questions,
    assets,
    [Symbol.dispose]: () => comparison[Symbol.dispose](),
  };
}

function describeComparison({ tables }: Comparison): string {
  const changes = tables.reduce((sum, table) => sum + table.inserts + table.updates + table.deletes, 0);
  return changes === 0
    ? 'no row differs'
    : `${countOf(changes, 'row')} ${changes === 1 ? 'differs' : 'differ'}`;
}
