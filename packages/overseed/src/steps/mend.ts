import { removeLeftovers } from '../apply/remove-leftovers.ts';
import { acquireLease } from '../lease/lease.ts';
import type { Run } from '../model/run.ts';
import type { Parts } from './parts.ts';
import type { Prepared } from './prepare.ts';

/** Where there is nothing else to do: indexes that a dead run has left under other names get theirs back. */
export async function mend({ target }: Parts, { schema }: Prepared, run: Run): Promise<void> {
  if (schema.standIns.length === 0) return;
  await using lease = await acquireLease(target, run);
  await removeLeftovers(target, schema, lease, run);
}
