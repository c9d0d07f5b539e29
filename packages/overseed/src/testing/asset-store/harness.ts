import type { AssetStore } from '../../assets/asset-store.ts';
import type { ProvableAsset } from '../../model/asset.ts';

/** What the contract must know of a store. */
export interface AssetStoreHarness {
  /**
   * Opens the store. All stores that it opens look at the same place.
   * @param prefix see `AssetStore.prefix`
   */
  open(prefix: string): AssetStore | Promise<AssetStore>;

  /** What a reader gets at the asset's URL; undefined when there is nothing. Default: `fetch`. */
  readonly read?: (url: string, asset: ProvableAsset) => Promise<Uint8Array | undefined>;

  /**
   * Replaces what the store holds under the asset's public ID, behind the back of the store that is tested.
   * Not to be had where the store's service allows no such thing.
   */
  readonly tamper?: (asset: ProvableAsset, bytes: Uint8Array) => Promise<void>;

  /** The same place, asked with a wrong secret. Left away by a store that needs none. */
  readonly wrongSecret?: {
    open(prefix: string): AssetStore | Promise<AssetStore>;
    /** What must appear nowhere. */
    readonly secret: string;
    /** What the message must name, for example `MY_STORE_SECRET`. */
    readonly variable: string;
  };
}
