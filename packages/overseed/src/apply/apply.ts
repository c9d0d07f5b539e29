/** From a comparison to a changed target: inside one request, or by way of staging tables. */
import type { Lease } from '../lease/lease.ts';
import { isStaged } from '../model/plan.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Comparison } from '../plan/comparison.ts';
import { countOf } from '../util/count-of.ts';
import type { ApplyInput } from './apply-input.ts';
import { applyBatch, BUSY_ATTEMPTS } from './apply-plan.ts';
import { applyStaged } from './apply-staged.ts';
import { buildBatch, provesWholeScope, type Step } from './batch.ts';

/** Looks at a target that others write to: before rows are overwritten whose old values the batch does not know, … */
const LOOKS_STAGED = 3;
/** … and where it knows them, for the sake of the rows that it leaves alone. */
const LOOKS_INLINE = 1;

/** All rows, or none. @throws TARGET_MOVED, TARGET_BUSY, TARGET_REJECTED, OUTCOME_UNKNOWN */
export async function applyChanges(input: ApplyInput, run: Run): Promise<{ rowsWritten: number }> {
  const { target, comparison, strategy, planned, lease } = input;
  const staged = strategy.tables.some(isStaged);
  const maxLooks = staged ? LOOKS_STAGED : provesWholeScope(comparison) ? 0 : LOOKS_INLINE;
  const apply = (steps: readonly Step[], busyAttempts = BUSY_ATTEMPTS) =>
    inStage(
      run,
      'apply',
      async () => {
        const batch = { steps: fenced(steps, lease), planned, maxLooks, busyAttempts };
        const receipt = await applyBatch(target, batch, run);
        lease.released();
        return receipt;
      },
      () => `${countOf(countChanges(comparison), 'row')} in one transaction`,
    );
  return staged ? applyStaged(input, apply, run) : apply(buildBatch(comparison, input));
}

/** The batch begins by asking whether the lease is still ours, and ends by giving it back. */
function fenced(steps: readonly Step[], lease: Lease): Step[] {
  return [
    { purpose: { kind: 'lease' }, statement: lease.assertHeld },
    ...steps,
    { purpose: { kind: 'bookkeeping' }, statement: lease.release },
  ];
}

function countChanges({ tables }: Comparison): number {
  return tables.reduce((sum, { inserts, updates, deletes }) => sum + inserts + updates + deletes, 0);
}
