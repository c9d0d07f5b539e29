import { OverseedError } from '../model/error.ts';
import { type Statement, StepFailed, type Target, type WriteReceipt } from '../target/target.ts';
import { writeAgain } from '../target/write-again.ts';
import type { Lease } from './lease.ts';

/**
 * A small write that may be done twice, and happens only while the lease is ours.
 * @throws LEASE_LOST, TARGET_UNREACHABLE, TARGET_BUSY; StepFailed, with positions in `statements`
 */
export async function writeUnderLease(
  target: Target,
  lease: Lease,
  statements: readonly Statement[],
  signal: AbortSignal,
): Promise<WriteReceipt> {
  try {
    return await writeAgain(target, [lease.assertHeld, ...statements], signal);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    if (error.step === 0) throw leaseLost(target.label, error);
    throw new StepFailed(error.step - 1, error.message);
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
