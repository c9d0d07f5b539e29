import type { AssetStore } from '../assets/asset-store.ts';
import { forget, meantQuestion } from '../assets/ledger/changes.ts';
import { acquireLease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import type { Asset } from '../model/asset.ts';
import type { Run } from '../model/run.ts';
import { ask, type Target } from '../target/target.ts';
import { chunksOf } from '../util/chunks.ts';

/** What a run has sent to the store. */
export interface Sent {
  readonly asset: Asset;
  /** False when no answer said so: it may be there, or arrive yet. */
  readonly isProved: boolean;
}

/**
 * Takes back what a failed run has sent. The target says which that is: not what was committed after all, and not what
 * another run has come to use.
 * @returns how many were removed
 * @throws LEASE_HELD and whatever else keeps it from being done; the rest is left to `prune`
 */
export async function removeUploads(
  target: Target,
  store: AssetStore,
  sent: readonly Sent[],
  run: Run,
): Promise<number> {
  if (sent.length === 0) return 0;
  await using lease = await acquireLease(target, run);
  const [rows = []] = await ask(target, [meantQuestion(store.name, run.id)], run.signal);
  const meant = new Set(rows.map(([hash]) => String(hash)));
  // One that may arrive yet stays in the ledger: a prune looks for it again.
  const late = new Set<string>(sent.filter(({ isProved }) => !isProved).map(({ asset }) => asset.hash));
  const ours = sent.map(({ asset }) => asset).filter(({ hash }) => meant.has(hash));
  let removed = 0;
  for (const some of chunksOf(ours, store.removesAtOnce)) {
    const { gone, absent = [], failed } = await store.remove(some, run.signal);
    removed += gone.length - absent.length;
    const hashes = gone.map(({ hash }) => hash).filter((hash) => !late.has(hash));
    await writeUnderLease(target, lease, [forget(hashes, store.name)], run);
    if (failed[0]) throw failed[0].error;
  }
  return removed;
}
