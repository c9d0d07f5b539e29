/** For small writes that may be done twice: sent again until an answer arrives. */
import { OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import { backoffMs, wait } from '../util/wait.ts';
import { AnswerLost, type Statement, StepFailed, type Target, type WriteReceipt } from './target.ts';

const ATTEMPTS = 5;

/**
 * @param steps must be idempotent, unless `isDone` can tell; and must not change rows of the site
 * @param isDone asked after an answer was lost
 * @throws TARGET_UNREACHABLE, TARGET_BUSY when no attempt was answered
 * @throws TARGET_REJECTED and whatever else {@link Target.write} throws
 */
export async function writeAgain(
  target: Target,
  steps: readonly Statement[],
  { signal, emit }: Pick<Run, 'signal' | 'emit'>,
  isDone: () => Promise<boolean> = async () => false,
): Promise<WriteReceipt> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await target.write(steps, signal);
    } catch (error) {
      signal.throwIfAborted();
      const lost = error instanceof AnswerLost;
      if (!lost && !(error instanceof OverseedError && error.code === 'TARGET_BUSY'))
        throw explain(target, error);
      if (attempt === ATTEMPTS) throw lost ? unanswered(target, error) : error;
      if (!lost) emit({ kind: 'warning', message: `${error.what} Trying again.` });
      await wait(backoffMs(attempt, { baseMs: 300, maxMs: 4_000 }), signal);
      if (lost && (await isDone())) return { results: [], rowsWritten: 0 };
    }
  }
}

/** Whatever became of these steps: the tables of the site are as they were. */
function explain(target: Target, error: unknown): unknown {
  if (error instanceof OverseedError) return error.state === 'unknown' ? error.withState('old') : error;
  if (!(error instanceof StepFailed)) return error;
  return new OverseedError('TARGET_REJECTED', {
    what: `${target.label} refused a statement: ${error.message}.`,
    state: 'old',
    next: 'If it stays so, please report it.',
    cause: error,
  });
}

function unanswered(target: Target, cause: AnswerLost): OverseedError {
  return new OverseedError('TARGET_UNREACHABLE', {
    what: `${target.label} did not answer ${ATTEMPTS} times in a row: ${cause.message}.`,
    state: 'old',
    next: 'Run the same command again when the connection is better.',
    cause,
  });
}
