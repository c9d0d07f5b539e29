/**
 * ETags of assets that are going to be stored. Only these need one, and MD5 takes as long as all the rest of measuring: a
 * plan does without.
 */
import { createHash } from 'node:crypto';
import type { Asset, MeasuredAsset } from '../model/asset.ts';
import { messageOf, OverseedError } from '../model/error.ts';
import { provedBytes } from './proved-bytes.ts';

const FILES_AT_ONCE = 4;

/** Reads the file again. @throws StoreError, permanent, when it has changed since it was measured */
export async function withEtag(asset: MeasuredAsset, signal: AbortSignal): Promise<Asset> {
  const md5 = createHash('md5');
  for await (const chunk of provedBytes(asset, signal)) md5.update(chunk);
  return { ...asset, etag: md5.digest('hex') };
}

/** In the same order. Before anything is touched. @throws ASSET_INVALID for a file that is not the one that was measured */
export async function withEtags(assets: readonly MeasuredAsset[], signal: AbortSignal): Promise<Asset[]> {
  const found: Asset[] = new Array(assets.length);
  const queue = assets.entries();
  async function work(): Promise<void> {
    for (const [index, asset] of queue) {
      found[index] = await withEtag(asset, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw notAsMeasured(asset, error);
      });
    }
  }
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
  return found;
}

function notAsMeasured({ path, file }: MeasuredAsset, error: unknown): OverseedError {
  return new OverseedError('ASSET_INVALID', {
    what: `${path} ${messageOf(error)} (${file}).`,
    state: 'old',
    next: 'Run the same command again, when nobody writes to that file any more.',
    cause: error,
  });
}
