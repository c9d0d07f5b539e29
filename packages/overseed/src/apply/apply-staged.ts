/** Large changes: rows are sent ahead, indexes may be built ahead, and one short batch puts everything in its place. */
import { messageOf, OverseedError } from '../model/error.ts';
import { type ApplyStrategy, isStaged, type TableStrategy } from '../model/plan.ts';
import { inStage, type Run } from '../model/run.ts';
import { AnswerLost, StepFailed, type Target } from '../target/target.ts';
import { countOf } from '../util/count-of.ts';
import { quoteName } from '../util/sql.ts';
import type { ApplyInput } from './apply-input.ts';
import type { Step } from './batch.ts';
import { tryToGiveNamesBack } from './give-names-back.ts';
import { buildIndexes, type IndexWork, prepareGradually, type Successor } from './index-names.ts';
import { type Definitions, readSchemaObjects } from './schema-objects.ts';
import { asideName, buildAside } from './search-index-aside.ts';
import { stageRows } from './stage-rows.ts';
import { asidesOf, buildStagedBatch, statisticsOf } from './staged-batch.ts';
import { stagingName, twinName } from './staging-table.ts';
import { canBuildAhead } from './strategy.ts';

/** How often a batch that could be shorter is tried as it is. */
const ATTEMPTS_AT_LENGTH = 2;

/** Whether the live tables may have indexes under other names by now. */
interface MayBe {
  mayBe: boolean;
}

type Apply = (steps: readonly Step[], busyAttempts?: number) => Promise<{ rowsWritten: number }>;

/** @param apply sends the batch @throws what it throws, and what staging does: the target is as it was then */
export async function applyStaged(
  input: ApplyInput,
  apply: Apply,
  run: Run,
): Promise<{ rowsWritten: number }> {
  const { target, comparison, strategy, lease, schema } = input;
  const briefer = withIndexesAhead(input);
  const standIns = { mayBe: false };
  try {
    const live = await prepareTables(input, standIns, run);
    await inStage(
      run,
      'stage',
      () =>
        stageRows(target, comparison, comparison.scope, strategy, run).catch((error: unknown) => {
          throw beforeCommit(error, target);
        }),
      (rows) => `${countOf(rows, 'row')} on the target, waiting`,
    );
    live.push(...(await buildAhead(input, standIns, run)));
    await buildSearchIndexes(input, run);
    if (!briefer) return await apply(await stagedBatch(input, live, run));
    try {
      return await apply(await stagedBatch(input, live, run), ATTEMPTS_AT_LENGTH);
    } catch (error) {
      if (!isBusy(error)) throw error;
      run.emit({
        kind: 'warning',
        message: `${error.what} What takes time in the transaction is done before it now: the building of indexes.`,
      });
    }
    const again = { ...input, strategy: briefer };
    live.push(...(await buildAhead(again, standIns, run)));
    return await apply(await stagedBatch(again, live, run));
  } catch (error) {
    await dropStaging(input, run);
    const isOurs = !(error instanceof OverseedError && error.code === 'LEASE_LOST');
    const work = { target, lease, statistics: statisticsOf(schema) };
    if (isOurs && standIns.mayBe) await tryToGiveNamesBack(work, comparison.scope, run);
    throw error;
  }
}

async function stagedBatch(input: ApplyInput, live: readonly Definitions[], run: Run): Promise<Step[]> {
  const { target, comparison } = input;
  const objects = await readSchemaObjects(target, run.signal);
  return buildStagedBatch({
    ...input,
    tables: comparison.scope,
    plans: comparison.tables,
    objects,
    live,
    runId: run.id,
  });
}

/** The same with less to do under the lock; undefined when there is nothing to be gained. */
function withIndexesAhead({ comparison, strategy }: ApplyInput): ApplyStrategy | undefined {
  const tables = strategy.tables.map((each, index) => {
    const table = comparison.scope[index];
    const hasIndexes = (table?.indexes.length ?? 0) > 0;
    return each === 'swap' && hasIndexes && table && canBuildAhead(table) ? 'swap-indexed' : each;
  });
  return tables.some((each, index) => each !== strategy.tables[index]) ? { ...strategy, tables } : undefined;
}

/** Those whose indexes grow with their rows. */
function prepareTables(input: ApplyInput, standIns: MayBe, run: Run): Promise<Definitions[]> {
  const successors = successorsOf(input, 'swap-gradual', run);
  return inIndexStage(input, standIns, successors, (work) => prepareGradually(work, successors, run), run);
}

/** The indexes of those that have their rows. What is there already is left as it is. */
function buildAhead(input: ApplyInput, standIns: MayBe, run: Run): Promise<Definitions[]> {
  const successors = successorsOf(input, 'swap-indexed', run);
  return inIndexStage(input, standIns, successors, (work) => buildIndexes(work, successors, run), run);
}

function successorsOf({ comparison, strategy }: ApplyInput, wanted: TableStrategy, run: Run): Successor[] {
  return comparison.scope.flatMap((table, index): Successor[] => {
    if (strategy.tables[index] !== wanted || table.indexes.length === 0) return [];
    return [{ table, staging: stagingName(run.id, index) }];
  });
}

async function inIndexStage(
  { target, lease, schema }: ApplyInput,
  standIns: MayBe,
  successors: readonly Successor[],
  work: (where: IndexWork) => Promise<Definitions[]>,
  run: Run,
): Promise<Definitions[]> {
  if (successors.length === 0) return [];
  standIns.mayBe = true;
  const indexes = successors.reduce((sum, { table }) => sum + table.indexes.length, 0);
  return inStage(
    run,
    'index',
    () =>
      work({ target, lease, statistics: statisticsOf(schema) }).catch((error: unknown) => {
        throw beforeCommit(error, target);
      }),
    () => `${countOf(indexes, 'index', 'indexes')} built beforehand`,
  );
}

async function buildSearchIndexes(input: ApplyInput, run: Run): Promise<void> {
  const { target, lease } = input;
  const asides = asidesOfRun(input, run);
  if (asides.length === 0) return;
  await inStage(
    run,
    'index',
    async () => {
      for (const { aside, rowCount } of asides) await buildAside(target, aside, rowCount, lease, run);
    },
    () => `${countOf(asides.length, 'search index', 'search indexes')} built beforehand`,
  ).catch((error: unknown) => {
    throw beforeCommit(error, target);
  });
}

function asidesOfRun({ comparison, renewals }: ApplyInput, run: Run) {
  return asidesOf({ tables: comparison.scope, plans: comparison.tables, renewals, runId: run.id });
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
async function dropStaging(input: ApplyInput, run: Run): Promise<void> {
  const { target, strategy } = input;
  const tables = strategy.tables.flatMap((each, index) => {
    const name = stagingName(run.id, index);
    if (!isStaged(each)) return [];
    return each === 'swap-gradual' ? [twinName(name), name] : [name];
  });
  const names = [...asidesOfRun(input, run).map(({ aside }) => asideName(aside)), ...tables];
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
