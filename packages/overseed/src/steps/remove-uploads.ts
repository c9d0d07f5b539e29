import type { AssetStore } from '../assets/asset-store.ts';
import { forget, meantQuestion } from '../assets/ledger/changes.ts';
import { acquireLease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import type { Asset } from '../model/asset.ts';
import type { Run } from '../model/run.ts';
import { ask, type Target } from '../target/target.ts';
import { chunksOf } from '../util/chunks.ts';

/**
 * Takes back what a failed run has stored. The target says which that is: not what was committed after all, and not what
 * another run has come to use.
 * @param assets put into the store by this run
 * @returns how many were removed
 * @throws LEASE_HELD and whatever else keeps it from being done; the rest is left to `prune`
 */
export async function removeUploads(
  target: Target,
  store: AssetStore,
  assets: readonly Asset[],
  run: Run,
): Promise<number> {
  if (assets.length === 0) return 0;
  await using lease = await acquireLease(target, run);
  const [rows = []] = await ask(target, [meantQuestion(store.name, run.id)], run.signal);
  const meant = new Set(rows.map(([hash]) => String(hash)));
  const ours = assets.filter(({ hash }) => meant.has(hash));
  let removed = 0;
  for (const some of chunksOf(ours, store.removesAtOnce)) {
    const { gone, failed } = await store.remove(some, run.signal);
    removed += gone.length;
    const hashes = gone.map(({ hash }) => hash);
    await writeUnderLease(target, lease, [forget(hashes, store.name)], run.signal);
    if (failed[0]) throw failed[0].error;
  }
  return removed;
}
