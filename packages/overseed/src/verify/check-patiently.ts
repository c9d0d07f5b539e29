import type { AssetStore, CheckDepth } from '../assets/asset-store.ts';
import type { ProvableAsset } from '../model/asset.ts';
import type { Run } from '../model/run.ts';
import { backoffMs, wait } from '../util/wait.ts';

/** A store's edge may need a moment before a new file answers; and one that fails one call in five is still believed. */
const ATTEMPTS = 10;

/**
 * Undefined when the asset answers as it should; else what is wrong, still after several tries.
 * @param longestWaitMs between two tries
 */
export async function checkPatiently(
  store: AssetStore,
  asset: ProvableAsset,
  { depth, longestWaitMs }: { depth: CheckDepth; longestWaitMs: number },
  run: Run,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const problem = await store.check(asset, depth, run.signal);
    run.signal.throwIfAborted();
    if (!problem || attempt === ATTEMPTS) return problem;
    await wait(backoffMs(attempt, { baseMs: 100, maxMs: longestWaitMs }), run.signal);
  }
}
