import { hasLeftovers, removeLeftovers } from '../apply/remove-leftovers.ts';
import { acquireLease } from '../lease/lease.ts';
import { OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import type { Parts } from './parts.ts';
import type { Prepared } from './prepare.ts';

/** Where there is nothing else to do: what a run that died has left goes all the same. */
export async function mend({ target }: Parts, { schema }: Prepared, run: Run): Promise<void> {
  if (!hasLeftovers(schema)) return;
  try {
    await using lease = await acquireLease(target, run);
    await removeLeftovers(target, schema, lease, run);
  } catch (error) {
    if (!(error instanceof OverseedError) || run.signal.aborted) throw error;
    // They are those of a run that lives, or we may not write here: either way the rows are what they should be.
    if (error.code === 'LEASE_HELD') return;
    run.emit({
      kind: 'warning',
      message: `What an earlier run has left could not be put right: ${error.what}`,
    });
  }
}
