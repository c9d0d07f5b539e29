import { type LedgerEntry, type ProvableAsset, toPublicId } from '../../model/asset.ts';
import type { AssetStore } from '../asset-store.ts';
import { markOf, marksIn } from '../content-mark.ts';

/** Finds the entry whose URL this is; a URL that only mentions it, with a transformation say, has other bytes. */
export function entryOfUrl(
  entries: Iterable<LedgerEntry>,
  store: Pick<AssetStore, 'urlOf'>,
): (url: string) => LedgerEntry | undefined {
  const byMark = new Map([...entries].map((entry) => [markOf(entry.publicId), entry]));
  return (url) => {
    for (const mark of marksIn(url)) {
      const entry = byMark.get(mark);
      if (entry && store.urlOf(toProvable(entry)) === url) return entry;
    }
    return undefined;
  };
}

export function toProvable({ publicId, format, sizeBytes, etag }: LedgerEntry): ProvableAsset {
  return { publicId: toPublicId(publicId), format, sizeBytes, etag };
}
