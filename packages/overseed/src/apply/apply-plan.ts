/** Sends the apply batch and finds out how it ended, whatever happened to the answer. */
import { leaseLost } from '../lease/write-under-lease.ts';
import { messageOf, OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import {
  AnswerLost,
  MarkLost,
  type Statement,
  StepFailed,
  type Target,
  type WriteReceipt,
} from '../target/target.ts';
import { backoffMs, wait } from '../util/wait.ts';
import type { Step } from './batch.ts';
import { markerQuestion, markerTableQuestion } from './run-marker.ts';
import { type Guard, type Planned, tablesMoved, type Watch } from './watch.ts';

/** How often to ask for a lock that others have. */
export const BUSY_ATTEMPTS = 5;
/** How long to keep asking for the marker when the answer was lost. */
const ASK_MS = 60_000;

export interface BatchToApply {
  readonly steps: readonly Step[];
  readonly planned: Planned;
  /** Undefined for a batch that finds out by itself whether the target has moved. */
  readonly watch: Watch | undefined;
  readonly busyAttempts: number;
}

/**
 * @returns rows written in the target's own accounting; 0 when only the marker told us of the success
 * @throws TARGET_MOVED, TARGET_BUSY, TARGET_REJECTED, TARGET_FULL, TARGET_BLOCKED and others: nothing was changed
 * @throws OUTCOME_UNKNOWN when the target cannot be asked
 */
export async function applyBatch(
  target: Target,
  batch: BatchToApply,
  run: Run,
): Promise<{ rowsWritten: number }> {
  try {
    return await untilAnswered(target, batch, run);
  } catch (error) {
    await batch.watch?.end();
    throw error;
  }
}

async function untilAnswered(
  target: Target,
  { steps, planned, watch, busyAttempts }: BatchToApply,
  run: Run,
): Promise<{ rowsWritten: number }> {
  const statements = steps.map((step) => step.statement);
  let lost: AnswerLost | undefined;
  for (let attempt = 1; ; ) {
    try {
      const guard = await watch?.guard();
      return await writeGuarded(target, statements, guard, run.signal);
    } catch (error) {
      // A request that was given up may arrive late and commit; then it is what comes after it that fails.
      if (lost && meansChange(error) && (await wasCommitted(target, run, lost.message)))
        return { rowsWritten: 0 };
      if (error instanceof StepFailed) throw await explainFailure(error, steps, planned, target.label);
      if (error instanceof MarkLost) {
        watch?.lost();
        continue;
      }
      if (error instanceof AnswerLost) {
        lost = error;
        run.emit({
          kind: 'warning',
          message: `The answer to the commit was lost (${error.message}); asking ${target.label} what happened.`,
        });
        if (await wasCommitted(target, run, error.message)) return { rowsWritten: 0 };
        // Not committed, and the lock is free: the same batch may be sent again.
        if (attempt++ === BUSY_ATTEMPTS) throw lostForGood(target, error);
        continue;
      }
      if (error instanceof OverseedError && error.state === 'unknown') {
        if (await wasCommitted(target, run, error.what)) return { rowsWritten: 0 };
        throw error.withState('old');
      }
      const busy = error instanceof OverseedError && error.code === 'TARGET_BUSY';
      if (!busy || attempt >= busyAttempts) throw error;
      run.emit({ kind: 'warning', message: `${error.what} Trying again.` });
      await wait(backoffMs(attempt++, { baseMs: 300, maxMs: 5_000 }), run.signal);
    }
  }
}

/** @throws MarkLost also when what the guard asks first fails */
async function writeGuarded(
  target: Target,
  statements: readonly Statement[],
  { since, steps = [] }: Partial<Guard> = {},
  signal: AbortSignal,
): Promise<WriteReceipt> {
  try {
    return await target.write([...steps, ...statements], signal, { since });
  } catch (error) {
    if (!(error instanceof StepFailed) || steps.length === 0) throw error;
    if (error.step === 0) throw new MarkLost('somebody else has changed a table', { cause: error });
    throw new StepFailed(error.step - steps.length, error.message);
  }
}

/** The target is not what it was: which may be our own doing. */
function meansChange(error: unknown): boolean {
  const moved = error instanceof OverseedError && error.code === 'TARGET_MOVED';
  return moved || error instanceof StepFailed || error instanceof MarkLost;
}

/** @param why nobody knows, for people */
async function wasCommitted(target: Target, run: Run, why: string): Promise<boolean> {
  const deadline = performance.now() + ASK_MS;
  // The question must be answered even when the user wants to stop: it decides what we may say.
  const patient = new AbortController().signal;
  for (let attempt = 1; ; attempt++) {
    try {
      const tables = await target.write([markerTableQuestion], patient);
      if (tables.results[0]?.[0]?.[0] !== 1n) return false;
      const marker = await target.write([markerQuestion(run.id)], patient);
      return marker.results[0]?.[0]?.[0] === 1n;
    } catch (error) {
      if (performance.now() > deadline) throw unknownOutcome(target, run, why, error);
      if (attempt % 3 === 0) {
        const left = Math.ceil((deadline - performance.now()) / 1_000);
        run.emit({
          kind: 'warning',
          message: `${target.label} does not answer yet; asking for another ${left} s.`,
        });
      }
      await wait(backoffMs(attempt, { baseMs: 500, maxMs: 5_000 }) + 100, patient);
    }
  }
}

async function explainFailure(
  error: StepFailed,
  steps: readonly Step[],
  { findMoved }: Planned,
  label: string,
): Promise<OverseedError> {
  const purpose = steps[error.step]?.purpose;
  switch (purpose?.kind) {
    case 'unmoved':
      return tablesMoved([purpose.table], label, error);
    case 'change':
      return new OverseedError('TARGET_MOVED', {
        what: `${purpose.table} on ${label} did not take the new rows: ${error.message}.`,
        state: 'old',
        next: 'Run the same command again: it plans afresh from what is there now.',
        cause: error,
      });
    case 'lease':
      return leaseLost(label, error);
    case 'foreign-keys':
      return new OverseedError('TARGET_REJECTED', {
        what: `${purpose.table} would have rows that point to no row of ${purpose.parent} on ${label}.`,
        state: 'old',
        next: `Add what they point to there first, or put ${purpose.parent} into the source.`,
        cause: error,
      });
    case 'proof': {
      const moved = await findMoved();
      if (moved.length > 0) return tablesMoved(moved, label, error);
      return new OverseedError('VERIFY_FAILED', {
        what: `Inside the transaction ${purpose.table} did not become what the source says, so it was rolled back.`,
        state: 'old',
        next: 'Run the same command again; if it stays so, please report it.',
        cause: error,
      });
    }
    default:
      return new OverseedError('TARGET_REJECTED', {
        what: `${label} refused a statement: ${error.message}.`,
        state: 'old',
        next: 'Run the same command again; if it stays so, please report it.',
        cause: error,
      });
  }
}

function lostForGood(target: Target, error: AnswerLost): OverseedError {
  return new OverseedError('TARGET_UNREACHABLE', {
    what: `${target.label} lost the connection ${BUSY_ATTEMPTS} times during the commit: ${error.message}.`,
    state: 'old',
    next: 'Run the same command again when the connection is better.',
    cause: error,
  });
}

function unknownOutcome(target: Target, run: Run, why: string, error: unknown): OverseedError {
  return new OverseedError('OUTCOME_UNKNOWN', {
    what: `The answer to the commit was lost (${why}), and ${target.label} could not be asked (${messageOf(error)}).`,
    state: 'unknown',
    next: `When it is back, run the same command again: it finds run ${run.id} finished, or does it.`,
    cause: error,
  });
}
