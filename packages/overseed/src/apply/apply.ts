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
import { Watch } from './watch.ts';

/** All rows, or none. @throws TARGET_MOVED, TARGET_BUSY, TARGET_REJECTED, OUTCOME_UNKNOWN */
export async function applyChanges(input: ApplyInput, run: Run): Promise<{ rowsWritten: number }> {
  const { target, comparison, strategy, planned, lease } = input;
  const staged = strategy.tables.some(isStaged);
  // A batch that is staged does not know all old values, and one that does may not know the rows that it leaves alone.
  const isWatched = staged || !provesWholeScope(comparison);
  const apply = (steps: readonly Step[], busyAttempts = BUSY_ATTEMPTS) =>
    inStage(
      run,
      'apply',
      async () => {
        const watched = { target, scope: comparison.scope, lease, planned };
        const watch = isWatched ? new Watch(watched, run) : undefined;
        const batch = { steps: fenced(steps, lease), planned, watch, busyAttempts };
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
