import { hasLeftovers, removeLeftovers } from '../apply/remove-leftovers.ts';
import { acquireLease } from '../lease/lease.ts';
import type { Run } from '../model/run.ts';
import type { Parts } from './parts.ts';
import type { Prepared } from './prepare.ts';

/** Where there is nothing else to do: what a run that died has left goes all the same. */
export async function mend({ target }: Parts, { schema }: Prepared, run: Run): Promise<void> {
  if (!hasLeftovers(schema)) return;
  await using lease = await acquireLease(target, run);
  await removeLeftovers(target, schema, lease, run);
}
