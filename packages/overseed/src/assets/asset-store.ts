/**
 * PORT. An asset store keeps files under public IDs and serves them at URLs. Public IDs are derived from content,
 * so a store never needs to overwrite anything, and storing the same asset twice is harmless.
 */
import type { Asset, PublicId, Transformation } from '../model/asset.ts';
import type { Optimise } from '../model/asset-columns.ts';

export interface AssetStore {
  /** Identity in the ledger: `cloudinary:demo`, `folder:public/media`. Assets are known per store. */
  readonly name: string;
  /** What people see. */
  readonly label: string;
  /** Put in front of every public ID; empty, or a path without slashes at its ends. */
  readonly prefix: string;
  /** Most uploads at once that the store may ever see. */
  readonly maxConcurrency: number;

  /** Where the asset will answer; known before anything is uploaded. */
  urlOf(asset: { readonly publicId: PublicId; readonly format: string }): string;

  /** How this store makes of an arriving picture what `optimise` says; absent when it cannot. */
  incoming?(optimise: Optimise): Transformation;

  /** Whether {@link findLost} is charged for, so that it is only asked when the user wants it. */
  readonly lookingCosts: boolean;

  /**
   * Those of `known`, assets that the ledger has, that the store does not have (any more).
   * @throws STORE_AUTH, ASSETS_FAILED
   */
  findLost(known: readonly Asset[], signal: AbortSignal): Promise<readonly Asset[]>;

  /**
   * Asks before the first byte: are the credentials good, are all files within the store's limits?
   * @throws STORE_AUTH, ASSET_INVALID, ASSETS_FAILED
   */
  prepare(assets: readonly Asset[], signal: AbortSignal): Promise<void>;

  /**
   * Stores one asset and proves it: by ETag and size, or, for an asset with `incoming`, by what the store says that it made.
   * Idempotent; never replaces other bytes, and never stores any but those that were measured.
   * @throws StoreError
   */
  put(
    asset: Asset,
    signal: AbortSignal,
  ): Promise<PutResult | (ArrivedFacts & { readonly result: PutResult })>;

  /** Undefined when the asset answers at its URL with its very bytes; else what is wrong, in words. */
  check(asset: Asset, signal: AbortSignal): Promise<string | undefined>;

  /** Removes one asset and its copies on the way to readers; one that is not there counts as removed. @throws StoreError */
  remove(asset: Asset, signal: AbortSignal): Promise<void>;
}

export type PutResult = 'stored' | 'already-there';

/** What a store made of an asset with `incoming`. */
export interface ArrivedFacts {
  readonly etag: string;
  readonly sizeBytes: number;
  readonly width: number;
  readonly height: number;
}

/** One attempt failed. `passing` says whether another may succeed, `retryAfterMs` when the store asked for a pause. */
export class StoreError extends Error {
  readonly kind: 'passing' | 'permanent' | 'credentials';
  readonly retryAfterMs: number | undefined;
  /** The store said that it is asked too much: fewer at once, please. */
  readonly throttled: boolean;

  constructor(
    message: string,
    options: {
      kind: StoreError['kind'];
      retryAfterMs?: number | undefined;
      throttled?: boolean;
      cause?: unknown;
    },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = options.kind;
    this.retryAfterMs = options.retryAfterMs;
    this.throttled = options.throttled ?? false;
  }
}
