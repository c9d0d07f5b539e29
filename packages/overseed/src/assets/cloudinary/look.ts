/** What is in the cloud: certain assets, or all under a prefix. Each answer costs one Admin call of the hour's allowance. */
import { type ProvableAsset, toPublicId } from '../../model/asset.ts';
import type { CloudinaryAccount } from '../../model/cloudinary-account.ts';
import { chunksOf } from '../../util/chunks.ts';
import type { StoredAsset } from '../asset-store.ts';
import { adminCall } from './call.ts';

/** Public IDs that one call may name. */
const IDS_A_CALL = 100;
const PAGE_SIZE = 500;

interface Resources {
  readonly resources?: readonly {
    readonly public_id: string;
    readonly format?: string;
    readonly bytes: number;
    readonly created_at: string;
  }[];
  readonly next_cursor?: string;
}

/** Lists tell the size and no ETag; with the content's hash in the name, the size is enough to notice a loss. */
export async function findLost<T extends ProvableAsset>(
  account: CloudinaryAccount,
  known: readonly T[],
  signal: AbortSignal,
): Promise<readonly T[]> {
  const lost: T[] = [];
  for (const group of chunksOf(known, IDS_A_CALL)) {
    const ids = group.map(({ publicId }) => `public_ids[]=${encodeURIComponent(publicId)}`).join('&');
    const path = `/resources/image/upload?${ids}&max_results=${IDS_A_CALL}`;
    const { body } = await adminCall<Resources>(account, path, signal);
    const sizes = new Map((body.resources ?? []).map(({ public_id, bytes }) => [public_id, bytes]));
    lost.push(...group.filter((asset) => sizes.get(asset.publicId) !== asset.sizeBytes));
  }
  return lost;
}

export async function* list(
  account: CloudinaryAccount,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredAsset[]> {
  const scope = prefix === '' ? '' : `&prefix=${encodeURIComponent(`${prefix}/`)}`;
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const after: string = cursor === '' ? '' : `&next_cursor=${encodeURIComponent(cursor)}`;
    const path = `/resources/image/upload?max_results=${PAGE_SIZE}${scope}${after}`;
    const { body } = await adminCall<Resources>(account, path, signal);
    yield (body.resources ?? []).map(({ public_id, format = '', bytes, created_at }) => ({
      publicId: toPublicId(public_id),
      format,
      sizeBytes: bytes,
      etag: undefined,
      storedAt: new Date(created_at),
    }));
    cursor = body.next_cursor;
  }
}
