/** The search index: a copy of the assets that learns of each change some time later, as Cloudinary's does. */
import type { Asset } from './asset.ts';
import type { AssetStore } from './asset-store.ts';

export class SearchIndex {
  readonly #lagMs: number;
  readonly #indexed = new Map<string, Asset>();
  readonly #pending: { readonly atMs: number; readonly key: string; readonly asset: Asset | undefined }[] =
    [];

  constructor(assets: AssetStore, lagMs: number, clock: () => number) {
    this.#lagMs = lagMs;
    for (const asset of assets.all()) this.#indexed.set(`${asset.resourceType}/${asset.publicId}`, asset);
    assets.onChange((key, asset) => this.#pending.push({ atMs: clock(), key, asset }));
  }

  /** The assets as they were `lagMs` before `nowMs`. */
  at(nowMs: number): Asset[] {
    let due = 0;
    for (const { atMs, key, asset } of this.#pending) {
      if (atMs > nowMs - this.#lagMs) break;
      if (asset) this.#indexed.set(key, asset);
      else this.#indexed.delete(key);
      due++;
    }
    this.#pending.splice(0, due);
    return [...this.#indexed.values()];
  }
}
