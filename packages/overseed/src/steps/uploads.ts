import type { Arrival, AssetStore } from '../assets/asset-store.ts';
import type { Asset, ContentHash } from '../model/asset.ts';
import type { UploadTally } from '../model/outcome.ts';
import { inStage, type Run } from '../model/run.ts';
import { uploadAssets } from '../upload/upload-assets.ts';
import { countOf } from '../util/count-of.ts';

/** Files that are stored need not be stored again when the rows are planned again. */
export class Uploads {
  readonly #store: AssetStore;
  readonly #stored = new Set<string>();
  readonly #arrivals = new Map<ContentHash, Arrival>();
  #tally: UploadTally = { uploaded: 0, alreadyThere: 0, bytes: 0, retries: 0 };

  constructor(store: AssetStore) {
    this.#store = store;
  }

  async store(assets: readonly Asset[], run: Run): Promise<UploadTally> {
    const missing = assets.filter((asset) => !this.#stored.has(asset.hash));
    if (missing.length === 0) return this.#tally;
    this.#tally = await inStage(
      run,
      'upload',
      () => uploadAssets(missing, this.#store, run, this.#arrivals),
      describeUploads,
    );
    for (const asset of missing) this.#stored.add(asset.hash);
    return this.#tally;
  }

  /** The assets as the store holds them: those that it transformed have other bytes than their files. */
  asStored(assets: readonly Asset[]): readonly Asset[] {
    return assets.map((asset) => {
      const facts = this.#arrivals.get(asset.hash);
      if (!facts) return asset;
      const { etag, sizeBytes, width, height } = facts;
      return { ...asset, etag, sizeBytes, width, height };
    });
  }
}

function describeUploads({ uploaded, alreadyThere, retries }: UploadTally): string {
  const parts = [`${countOf(uploaded, 'file')} stored`];
  if (alreadyThere > 0) parts.push(`${alreadyThere} were there`);
  if (retries > 0) parts.push(countOf(retries, 'retry', 'retries'));
  return parts.join(', ');
}
