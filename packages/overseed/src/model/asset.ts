declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** SHA-256 of a file's bytes, or of what makes a store turn them into others; 64 hex digits. */
export type ContentHash = Brand<string, 'ContentHash'>;
/** Where an asset lives in its store, without extension, for example `site/kitchen-0a1b2c3d4e5f6071`. */
export type PublicId = Brand<string, 'PublicId'>;

/** @throws TypeError when `hex` is not 64 hex digits */
export function toContentHash(hex: string): ContentHash {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new TypeError(`Expected SHA-256 as 64 hex digits, got "${hex}"`);
  return hex as ContentHash;
}

export function toPublicId(text: string): PublicId {
  return text as PublicId;
}

/** What a store is told to make of a file as it arrives. */
export interface Transformation {
  /** In the store's own words. */
  readonly transformation: string;
  /** Set when the file becomes one of another format. */
  readonly format?: string;
}

/** A media file of the source, measured. Two rows that point to equal bytes share one asset. */
export interface MeasuredAsset {
  readonly hash: ContentHash;
  readonly publicId: PublicId;
  /** Where the rows say it is, relative to the asset root; the first of them when several files are equal. */
  readonly path: string;
  /** Absolute path on this machine. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly width: number;
  readonly height: number;
  /** Lower-case extension as stores write it: `jpg`, `png`, `webp`. */
  readonly format: string;
  /**
   * Set when the store holds other bytes than the file's. `sizeBytes` and the ETag are then the store's as soon as it has
   * answered; until then, and in here always, the file's.
   */
  readonly incoming?: Transformation & { readonly fileHash: ContentHash; readonly fileBytes: number };
}

/** An asset that can be stored and proved. */
export interface Asset extends MeasuredAsset {
  /** MD5 of the bytes as hex: what stores call the ETag. */
  readonly etag: string;
}

/** Enough to find an asset in its store. */
export type AssetName = Pick<Asset, 'publicId' | 'format'>;

/** Enough to prove that what a store holds is the asset. */
export type ProvableAsset = Pick<Asset, 'publicId' | 'format' | 'sizeBytes' | 'etag'>;

/** What the ledger on the target remembers of an asset. */
export interface LedgerEntry {
  readonly hash: string;
  readonly publicId: string;
  readonly store: string;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly format: string;
  /** False for one that a run meant to store and never proved: it may be there or not. */
  readonly stored: boolean;
  /** For how long no row has used it, in ms of the target's clock; undefined while rows use it. */
  readonly unusedForMs: number | undefined;
}
