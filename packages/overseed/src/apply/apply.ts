/** From a comparison to a changed target: inside one request, or by way of staging tables. */
import type { Lease } from '../lease/lease.ts';
import { messageOf, OverseedError } from '../model/error.ts';
import { type ApplyStrategy, isStaged } from '../model/plan.ts';
import type { Run } from '../model/run.ts';
import { inStage } from '../model/run.ts';
import type { Comparison } from '../plan/comparison.ts';
import { AnswerLost, StepFailed, type Target } from '../target/target.ts';
import { countOf } from '../util/count-of.ts';
import { quoteName } from '../util/sql.ts';
import { applyBatch } from './apply-plan.ts';
import { type BatchInput, buildBatch, provesWholeScope, type Step } from './batch.ts';
import { buildIndexes, type Successor, tryToGiveNamesBack } from './index-names.ts';
import { readSchemaObjects } from './schema-objects.ts';
import { stageRows } from './stage-rows.ts';
import { buildStagedBatch, statisticsOf } from './staged-batch.ts';
import { stagingName } from './staging-table.ts';
import { indexBuildUs } from './strategy.ts';
import type { Planned } from './watch.ts';

/** Looks at a target that others write to: before rows are overwritten whose old values the batch does not know, … */
const LOOKS_STAGED = 3;
/** … and where it knows them, for the sake of the rows that it leaves alone. */
const LOOKS_INLINE = 1;

export interface ApplyInput extends BatchInput {
  readonly target: Target;
  readonly comparison: Comparison;
  readonly strategy: ApplyStrategy;
  readonly lease: Lease;
  readonly planned: Planned;
}

/** All rows, or none. @throws TARGET_MOVED, TARGET_BUSY, TARGET_REJECTED, OUTCOME_UNKNOWN */
export async function applyChanges(input: ApplyInput, run: Run): Promise<{ rowsWritten: number }> {
  const { target, comparison, strategy, planned } = input;
  const tables = comparison.scope;
  const staged = strategy.tables.some(isStaged);
  const maxLooks = staged ? LOOKS_STAGED : provesWholeScope(comparison) ? 0 : LOOKS_INLINE;
  const apply = (steps: readonly Step[]) =>
    inStage(
      run,
      'apply',
      async () => {
        const batch = { steps: fenced(steps, input.lease), planned, maxLooks };
        const receipt = await applyBatch(target, batch, run);
        input.lease.released();
        return receipt;
      },
      () => `${countOf(countChanges(comparison), 'row')} in one transaction`,
    );
  if (!staged) return apply(buildBatch(comparison, input));
  try {
    await inStage(
      run,
      'stage',
      () =>
        stageRows(target, comparison, tables, strategy, run).catch((error: unknown) => {
          throw beforeCommit(error, target);
        }),
      (rows) => `${countOf(rows, 'row')} on the target, waiting`,
    );
    await buildAhead(input, run);
    const objects = await readSchemaObjects(target, run.signal);
    return await apply(
      buildStagedBatch({ ...input, tables, plans: comparison.tables, objects, runId: run.id }),
    );
  } catch (error) {
    await dropStaging(input, run);
    const isOurs = !(error instanceof OverseedError && error.code === 'LEASE_LOST');
    if (isOurs && strategy.tables.includes('swap-indexed'))
      await tryToGiveNamesBack(target, input.lease, statisticsOf(input.schema), run);
    throw error;
  }
}

/** The indexes of the tables whose strategy asks for it. */
async function buildAhead({ target, comparison, strategy, lease, schema }: ApplyInput, run: Run) {
  const successors = comparison.scope.flatMap((table, index): Successor[] => {
    if (strategy.tables[index] !== 'swap-indexed') return [];
    const { rowsBefore = 0, rowsAfter = 0 } = comparison.tables[index] ?? {};
    const buildMs = indexBuildUs(Math.max(rowsBefore, rowsAfter)) / 1_000;
    return [{ table, staging: stagingName(run.id, index), buildMs }];
  });
  if (successors.length === 0) return;
  await inStage(
    run,
    'index',
    () => buildIndexes(target, successors, lease, statisticsOf(schema), run),
    (indexes) => `${countOf(indexes, 'index', 'indexes')} built beforehand`,
  );
}

/** What goes wrong with a staging table concerns no reader. */
function beforeCommit(error: unknown, { label }: Target): unknown {
  if (error instanceof OverseedError) return error.state === 'unknown' ? error.withState('old') : error;
  if (!(error instanceof StepFailed || error instanceof AnswerLost)) return error;
  const lost = error instanceof AnswerLost;
  return new OverseedError(lost ? 'TARGET_UNREACHABLE' : 'TARGET_REJECTED', {
    what: `${label} did not take the rows that were sent ahead: ${error.message}.`,
    state: 'old',
    next: lost
      ? 'Run the same command again when the connection is better.'
      : 'Run the same command again; if it stays so, please report it.',
    cause: error,
  });
}

/** The batch begins by asking whether the lease is still ours, and ends by giving it back. */
function fenced(steps: readonly Step[], lease: Lease): Step[] {
  return [
    { purpose: { kind: 'lease' }, statement: lease.assertHeld },
    ...steps,
    { purpose: { kind: 'bookkeeping' }, statement: lease.release },
  ];
}

/** After a failure: nobody reads these tables, and the next run removes what this one cannot. */
async function dropStaging({ target, strategy }: ApplyInput, run: Run): Promise<void> {
  const names = strategy.tables.flatMap((each, index) =>
    isStaged(each) ? [stagingName(run.id, index)] : [],
  );
  try {
    await target.write(
      names.map((name) => ({ sql: `DROP TABLE IF EXISTS ${quoteName(name)}` })),
      new AbortController().signal,
    );
  } catch (error) {
    run.emit({
      kind: 'warning',
      message: `Staging tables (${names.join(', ')}) could not be removed: ${error instanceof OverseedError ? error.what : messageOf(error)}`,
    });
  }
}

function countChanges({ tables }: Comparison): number {
  return tables.reduce((sum, { inserts, updates, deletes }) => sum + inserts + updates + deletes, 0);
}
