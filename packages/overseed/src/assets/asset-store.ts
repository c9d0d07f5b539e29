/**
 * PORT. An asset store keeps files under public IDs and serves them at URLs. Public IDs are derived from content,
 * so a store never needs to overwrite anything, and storing the same asset twice is harmless.
 *
 * `put` and `remove` make one attempt and throw StoreError; who calls them decides about further attempts. The questions
 * (`prepare`, `findLost`, `list`, `usage`) try again by themselves where an error may pass, and throw OverseedError. That of a
 * quota, STORE_QUOTA, has a StoreError as its cause, which tells when to ask again.
 */
import type { Asset, AssetName, ProvableAsset, Transformation } from '../model/asset.ts';
import type { Optimise } from '../model/asset-columns.ts';

export interface AssetStore {
  /** Identity in the ledger: `cloudinary:demo`, `folder:public/media`, `s3:bucket`. Assets are known per store. */
  readonly name: string;
  /** What people see. */
  readonly label: string;
  /** Where the credentials come from, for messages: `ID_VARIABLE and SECRET_VARIABLE`. Names, never values. */
  readonly credentials: string;
  /** Put in front of every public ID; empty, or a path without slashes at its ends. */
  readonly prefix: string;
  /** Most uploads at once that the store may ever see. */
  readonly maxConcurrency: number;
  /** Most assets that one {@link remove} may name. */
  readonly removesAtOnce: number;

  /** Where the asset will answer; known before anything is uploaded. */
  urlOf(asset: AssetName): string;

  /** How this store makes of an arriving picture what `optimise` says; absent when it cannot. */
  incoming?(optimise: Optimise): Transformation;

  /** Whether {@link findLost} is charged for, so that it is only asked when the user wants it. */
  readonly lookingCosts: boolean;

  /**
   * Those of `known`, assets that the ledger has, that the store does not have (any more), or holds with other bytes.
   * @throws STORE_AUTH, STORE_QUOTA, ASSETS_FAILED
   */
  findLost<T extends ProvableAsset>(known: readonly T[], signal: AbortSignal): Promise<readonly T[]>;

  /**
   * Asks before the first byte: are the credentials good, are all files within the store's limits?
   * @throws STORE_AUTH, ASSET_INVALID, ASSETS_FAILED
   */
  prepare(assets: readonly Asset[], signal: AbortSignal): Promise<void>;

  /**
   * Stores one asset and proves it: by ETag and size, or, for an asset with `incoming`, by what the store says that it made.
   * Idempotent; never replaces other bytes. After an abort nothing, or the whole asset, is visible under its public ID.
   * @throws StoreError
   */
  put(asset: Asset, signal: AbortSignal): Promise<PutResult | Arrival>;

  /**
   * Undefined when the asset answers at its URL as it should; else what is wrong, in words. Throws nothing but the signal's
   * reason.
   */
  check(asset: ProvableAsset, depth: CheckDepth, signal: AbortSignal): Promise<string | undefined>;

  /**
   * The bytes of an asset, for a store whose URLs are no addresses that answer to everybody; without it the URL is fetched.
   * @throws whatever kept them from being read
   */
  read?(asset: AssetName, signal: AbortSignal): AsyncIterable<Uint8Array>;

  /**
   * Removes assets, at most {@link removesAtOnce}, and, where the store can, their copies on the way to readers. Idempotent.
   * One whose public ID is not under {@link prefix} is left alone and reported as failed.
   * @throws StoreError when nothing can be said of any of them; some may be gone
   */
  remove<T extends AssetName>(assets: readonly T[], signal: AbortSignal): Promise<Removal<T>>;

  /**
   * Everything under {@link prefix}, page by page in bounded memory, in no particular order. What is stored or removed
   * meanwhile may or may not be seen; nothing is seen twice.
   * @throws STORE_AUTH, STORE_QUOTA, ASSETS_FAILED
   */
  list(signal: AbortSignal): AsyncIterable<readonly StoredAsset[]>;

  /**
   * What the store accepts and charges, as far as it says so.
   * @throws STORE_AUTH, STORE_QUOTA, ASSETS_FAILED
   */
  usage(signal: AbortSignal): Promise<StoreUsage>;
}

export type PutResult = 'stored' | 'already-there';

/** What a store made of an asset with `incoming`. */
export interface Arrival {
  readonly result: PutResult;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly width: number;
  readonly height: number;
}

/** `headers`: is it there, with its size? `bytes`: all of it is read and its MD5 compared with the ETag. */
export type CheckDepth = 'headers' | 'bytes';

/** What is in the store under one public ID. */
export interface StoredAsset extends AssetName {
  readonly sizeBytes: number;
  /** MD5 as hex; undefined where the store does not tell it in a list. */
  readonly etag: string | undefined;
  readonly storedAt: Date;
}

/** What became of assets that were to be removed. */
export interface Removal<T> {
  /** Not there any more. */
  readonly gone: readonly T[];
  /** Those of `gone` that had not been there before; undefined where the store does not say. */
  readonly absent: readonly T[] | undefined;
  /** Perhaps still there. */
  readonly failed: readonly { readonly asset: T; readonly error: StoreError }[];
}

export interface StoreUsage {
  readonly limits: StoreLimits;
  /** Empty where nothing is counted. */
  readonly quotas: readonly Quota[];
}

/** Largest files accepted. Undefined: no limit is known. */
export interface StoreLimits {
  readonly imageBytes: number | undefined;
  readonly imagePixels: number | undefined;
  readonly videoBytes: number | undefined;
  readonly otherBytes: number | undefined;
}

/** Something that the store counts. */
export interface Quota {
  /** In the store's words: `credits`, `transformations`, `storage`. */
  readonly name: string;
  readonly unit: 'count' | 'bytes';
  readonly used: number;
  /** Undefined: counted, but not limited by itself. */
  readonly limit: number | undefined;
  /** When `used` is 0 again; undefined when that is not known, or never. */
  readonly resetsAt: Date | undefined;
  /** What one upload adds to `used`, besides its bytes. */
  readonly perUpload: number;
  /** What each byte kept adds to `used`. */
  readonly perByte: number;
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
