/** Which assets stand behind URLs, and where their bytes are. */
import type { AssetStore } from '../../assets/asset-store.ts';
import { markOf, marksIn } from '../../assets/content-mark.ts';
import { type AssetName, type LedgerEntry, type MeasuredAsset, toPublicId } from '../../model/asset.ts';

export type PicturePlace =
  /** A file of the source: its absolute path. */
  | { readonly kind: 'file'; readonly file: string }
  /** In the store, under this very URL. */
  | { readonly kind: 'store'; readonly asset: AssetName }
  /** Nobody knows whose URL it is: a database must not decide which addresses this machine asks. */
  | { readonly kind: 'unknown' };

export type Places = ReadonlyMap<string, PicturePlace>;

/** One pass over assets and ledger, which may be long. */
export function locatePictures(
  urls: ReadonlySet<string>,
  assets: readonly MeasuredAsset[],
  ledger: ReadonlyMap<string, LedgerEntry>,
  store: Pick<AssetStore, 'urlOf'>,
): Places {
  const places = new Map<string, PicturePlace>([...urls].map((url) => [url, { kind: 'unknown' }]));
  if (urls.size === 0) return places;
  const wanted = new Set<string | undefined>([...urls].flatMap((url) => [...marksIn(url)]));
  for (const entry of ledger.values()) {
    if (!wanted.has(markOf(entry.publicId))) continue;
    const asset = { publicId: toPublicId(entry.publicId), format: entry.format };
    const url = store.urlOf(asset);
    // A URL that only mentions it, with a transformation say, is another one.
    if (places.has(url)) places.set(url, { kind: 'store', asset });
  }
  // A file of the source is nearer than the store.
  for (const asset of assets) {
    const url = wanted.has(markOf(asset.publicId)) ? store.urlOf(asset) : undefined;
    if (url !== undefined && places.has(url)) places.set(url, { kind: 'file', file: asset.file });
  }
  return places;
}
