/** A long copy on the target itself, in commits that each hold the lock briefly. */
import type { Lease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import type { Run } from '../model/run.ts';
import type { Statement, Target } from '../target/target.ts';

/** How long one commit should take, in ms. */
const SLICE_MS = 700;
const FIRST_SLICE = 10_000;

/**
 * @param slice copies the next rows, at most as many, and may be run again
 * @param total about how many rows there are
 * @throws LEASE_LOST
 */
export async function inSlices(
  target: Target,
  lease: Lease,
  slice: (rows: number) => Statement,
  total: number,
  run: Run,
): Promise<void> {
  let size = FIRST_SLICE;
  for (let done = 0; ; ) {
    run.signal.throwIfAborted();
    const start = performance.now();
    const count = { sql: 'SELECT changes()' };
    const { results } = await writeUnderLease(target, lease, [slice(size), count], run);
    const copied = Number(results.at(-1)?.[0]?.[0] ?? 0);
    if (copied === 0) return;
    done += copied;
    run.emit({ kind: 'stage-progress', stage: 'index', done: Math.min(done, total), total, unit: 'rows' });
    const factor = SLICE_MS / (performance.now() - start);
    size = Math.max(100, Math.round(size * Math.min(2, Math.max(0.25, factor))));
  }
}
