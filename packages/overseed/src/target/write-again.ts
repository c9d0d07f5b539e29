/** For small writes that may be done twice: sent again until an answer arrives. */
import { OverseedError } from '../model/error.ts';
import { backoffMs, wait } from '../util/wait.ts';
import { AnswerLost, type Statement, type Target, type WriteReceipt } from './target.ts';

const ATTEMPTS = 5;

/**
 * @param steps must be idempotent, and must not touch the tables of the site
 * @throws TARGET_UNREACHABLE, TARGET_BUSY when no attempt was answered; StepFailed
 */
export async function writeAgain(
  target: Target,
  steps: readonly Statement[],
  signal: AbortSignal,
): Promise<WriteReceipt> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await target.write(steps, signal);
    } catch (error) {
      signal.throwIfAborted();
      const lost = error instanceof AnswerLost;
      const passing = lost || (error instanceof OverseedError && error.code === 'TARGET_BUSY');
      if (!passing) throw error;
      if (attempt === ATTEMPTS) throw lost ? unanswered(target, error) : error;
      await wait(backoffMs(attempt, { baseMs: 300, maxMs: 4_000 }), signal);
    }
  }
}

function unanswered(target: Target, cause: AnswerLost): OverseedError {
  return new OverseedError('TARGET_UNREACHABLE', {
    what: `${target.label} did not answer ${ATTEMPTS} times in a row: ${cause.message}.`,
    state: 'old',
    next: 'Run the same command again when the connection is better.',
    cause,
  });
}
