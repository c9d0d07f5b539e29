import type { AssetStore } from '../assets/asset-store.ts';
import { OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import type { QuotaUse, StoreCost } from '../model/store-cost.ts';

/** What the uploads would cost. The store is asked what was used so far; not at all when nothing is to be uploaded. */
export async function forecastCost(
  store: AssetStore,
  files: readonly { readonly sizeBytes: number }[],
  run: Run,
): Promise<StoreCost | undefined> {
  if (files.length === 0) return undefined;
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { store: store.label, uploads: files.length, bytes, quotas: await quotasOf(store, run) };
}

async function quotasOf(store: AssetStore, run: Run): Promise<QuotaUse[]> {
  try {
    const { quotas } = await store.usage(run.signal);
    return quotas.map(({ name, unit, used, limit, perUpload, perByte }) => ({
      name,
      unit,
      used,
      limit,
      perUpload,
      perByte,
    }));
  } catch (error) {
    run.signal.throwIfAborted();
    if (!(error instanceof OverseedError)) throw error;
    // A plan needs no store. Whether it takes the files, the push asks before it sends the first.
    return [];
  }
}
