/** Does the database answer, and does it accept who we are? */
import { OverseedError } from '../model/error.ts';
import { ask, type Target } from '../target/target.ts';
import { type Finding, ok, problem } from './finding.ts';

export async function checkDatabase(target: Target, signal: AbortSignal): Promise<Finding> {
  const start = performance.now();
  try {
    await ask(target, [{ sql: 'SELECT 1' }], signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OverseedError)) throw error;
    return problem(`database ${target.label}`, error.what, error.next);
  }
  return ok(`database ${target.label}`, `answers in ${Math.round(performance.now() - start)} ms`);
}
