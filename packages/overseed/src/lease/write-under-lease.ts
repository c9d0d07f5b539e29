import { OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import { type Statement, StepFailed, type Target, type WriteReceipt } from '../target/target.ts';
import { writeAgain } from '../target/write-again.ts';
import type { Lease } from './lease.ts';

/**
 * A small write that may be done twice, and happens only while the lease is ours.
 * @throws LEASE_LOST, and whatever {@link writeAgain} throws
 */
export async function writeUnderLease(
  target: Target,
  lease: Lease,
  statements: readonly Statement[],
  run: Pick<Run, 'signal' | 'emit'>,
  isDone?: () => Promise<boolean>,
): Promise<WriteReceipt> {
  try {
    return await writeAgain(target, [lease.assertHeld, ...statements], run, isDone);
  } catch (error) {
    const failed = error instanceof OverseedError ? error.cause : undefined;
    if (failed instanceof StepFailed && failed.step === 0) throw leaseLost(target.label, error);
    throw error;
  }
}

export function leaseLost(targetLabel: string, cause: unknown): OverseedError {
  return new OverseedError('LEASE_LOST', {
    what: `This run was silent for so long that another one may have taken over ${targetLabel}.`,
    state: 'old',
    next: 'Nothing of this run was applied. Look whether the other one is done, then run this again.',
    cause,
  });
}
