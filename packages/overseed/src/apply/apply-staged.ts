/** Large changes: rows are sent ahead, indexes may be built ahead, and one short batch puts everything in its place. */
import { messageOf, OverseedError } from '../model/error.ts';
import { type ApplyStrategy, isStaged } from '../model/plan.ts';
import { inStage, type Run } from '../model/run.ts';
import { AnswerLost, StepFailed, type Target } from '../target/target.ts';
import { countOf } from '../util/count-of.ts';
import { quoteName } from '../util/sql.ts';
import type { ApplyInput } from './apply-input.ts';
import type { Step } from './batch.ts';
import { buildIndexes, type Successor, tryToGiveNamesBack } from './index-names.ts';
import { readSchemaObjects } from './schema-objects.ts';
import { stageRows } from './stage-rows.ts';
import { buildStagedBatch, statisticsOf } from './staged-batch.ts';
import { stagingName } from './staging-table.ts';
import { indexBuildUs } from './strategy.ts';

/** How often a batch that could be shorter is tried as it is. */
const ATTEMPTS_AT_LENGTH = 2;

type Apply = (steps: readonly Step[], busyAttempts?: number) => Promise<{ rowsWritten: number }>;

/** @param apply sends the batch @throws what it throws, and what staging does: the target is as it was then */
export async function applyStaged(
  input: ApplyInput,
  apply: Apply,
  run: Run,
): Promise<{ rowsWritten: number }> {
  const { target, comparison, strategy, lease, schema } = input;
  const briefer = withIndexesAhead(input);
  try {
    await inStage(
      run,
      'stage',
      () =>
        stageRows(target, comparison, comparison.scope, strategy, run).catch((error: unknown) => {
          throw beforeCommit(error, target);
        }),
      (rows) => `${countOf(rows, 'row')} on the target, waiting`,
    );
    await buildAhead(input, run);
    if (!briefer) return await apply(await stagedBatch(input, run));
    try {
      return await apply(await stagedBatch(input, run), ATTEMPTS_AT_LENGTH);
    } catch (error) {
      if (!isBusy(error)) throw error;
      run.emit({
        kind: 'warning',
        message: `${error.what} What takes time in the transaction is done before it now: the building of indexes.`,
      });
    }
    const again = { ...input, strategy: briefer };
    await buildAhead(again, run);
    return await apply(await stagedBatch(again, run));
  } catch (error) {
    await dropStaging(input, run);
    const isOurs = !(error instanceof OverseedError && error.code === 'LEASE_LOST');
    const mayStandIn = (briefer ?? strategy).tables.includes('swap-indexed');
    if (isOurs && mayStandIn)
      await tryToGiveNamesBack(target, comparison.scope, lease, statisticsOf(schema), run);
    throw error;
  }
}

async function stagedBatch(input: ApplyInput, run: Run): Promise<Step[]> {
  const { target, comparison } = input;
  const objects = await readSchemaObjects(target, run.signal);
  return buildStagedBatch({
    ...input,
    tables: comparison.scope,
    plans: comparison.tables,
    objects,
    runId: run.id,
  });
}

/** The same with less to do under the lock; undefined when there is nothing to be gained. */
function withIndexesAhead({ comparison, strategy }: ApplyInput): ApplyStrategy | undefined {
  const tables = strategy.tables.map((each, index) => {
    const hasIndexes = (comparison.scope[index]?.indexes.length ?? 0) > 0;
    return each === 'swap' && hasIndexes ? 'swap-indexed' : each;
  });
  return tables.some((each, index) => each !== strategy.tables[index]) ? { ...strategy, tables } : undefined;
}

/** The indexes of the tables whose strategy asks for it. What is there already is left as it is. */
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
    () =>
      buildIndexes(target, successors, lease, statisticsOf(schema), run).catch((error: unknown) => {
        throw beforeCommit(error, target);
      }),
    (indexes) => `${countOf(indexes, 'index', 'indexes')} built beforehand`,
  );
}

function isBusy(error: unknown): error is OverseedError {
  return error instanceof OverseedError && error.code === 'TARGET_BUSY';
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
