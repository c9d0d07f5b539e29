/**
 * Removing. A few assets are destroyed one by one: that costs no Admin call, and copies on the CDN are invalidated. Many are
 * tagged together and deleted by that tag, a thousand for one Admin call; the CDN's copies then go at once only where
 * Cloudinary's support has enabled it for the account, else when they expire. What bulk deletion leaves is destroyed.
 */
import { randomBytes } from 'node:crypto';
import type { AssetName } from '../../model/asset.ts';
import type { CloudinaryAccount } from '../../model/cloudinary-account.ts';
import { type Removal, StoreError } from '../asset-store.ts';
import { underPrefix } from '../file-name.ts';
import { call } from './call.ts';
import { destroy } from './destroy.ts';

/** What one call of `tags` takes. */
export const REMOVES_AT_ONCE = 1_000;
/** Up to here one by one: some seconds. */
const DESTROY_UP_TO = 100;
const DESTROY_CONCURRENCY = 10;

/** @throws StoreError */
export async function remove<T extends AssetName>(
  account: CloudinaryAccount,
  prefix: string,
  assets: readonly T[],
  signal: AbortSignal,
): Promise<Removal<T>> {
  const { own, foreign } = underPrefix(assets, prefix);
  const bulk = own.length > DESTROY_UP_TO ? await removeTagged(account, own, signal) : undefined;
  const absent: T[] = [...(bulk?.absent ?? [])];
  const gone: T[] = [...(bulk?.gone ?? [])];
  const failed: { asset: T; error: StoreError }[] = [];

  const queue = [...(bulk?.left ?? own)];
  const left = queue.length;
  async function work(): Promise<void> {
    for (let asset = queue.shift(); asset; asset = queue.shift()) {
      try {
        if ((await destroy(account, asset.publicId, signal)) === 'not found') absent.push(asset);
        gone.push(asset);
      } catch (error) {
        if (!(error instanceof StoreError) || error.kind === 'credentials') throw error;
        failed.push({ asset, error });
      }
    }
  }
  await Promise.all(Array.from({ length: DESTROY_CONCURRENCY }, work));
  const [first] = failed;
  if (first && failed.length === left && bulk === undefined) throw first.error;
  return { gone, absent, failed: [...foreign, ...failed] };
}

/** Undefined when the Admin calls of this hour are used up. */
async function removeTagged<T extends AssetName>(
  account: CloudinaryAccount,
  assets: readonly T[],
  signal: AbortSignal,
): Promise<{ gone: T[]; absent: T[]; left: T[] } | undefined> {
  // A tag that nobody has: whatever else happens, only the assets named here are deleted.
  const tag = `overseed-remove-${randomBytes(12).toString('hex')}`;
  const body = new URLSearchParams({ command: 'add', tag });
  for (const { publicId } of assets) body.append('public_ids[]', publicId);
  const tagged = await call<{ public_ids?: readonly string[] }>(
    account,
    '/image/tags',
    { method: 'POST', body },
    signal,
  );
  const found = new Set(tagged.body.public_ids);
  const deleted = found.size > 0 ? await deleteByTag(account, tag, signal) : new Set<string>();
  if (!deleted) return undefined;
  const absent = assets.filter(({ publicId }) => !found.has(publicId));
  return {
    absent,
    gone: [...absent, ...assets.filter(({ publicId }) => deleted.has(publicId))],
    left: assets.filter(({ publicId }) => found.has(publicId) && !deleted.has(publicId)),
  };
}

interface Deleted {
  readonly deleted?: Readonly<Record<string, string>>;
  readonly partial?: boolean;
  readonly next_cursor?: string;
}

async function deleteByTag(
  account: CloudinaryAccount,
  tag: string,
  signal: AbortSignal,
): Promise<Set<string> | undefined> {
  const deleted = new Set<string>();
  let cursor = '';
  do {
    const path = `/resources/image/tags/${tag}?invalidate=true${cursor && `&next_cursor=${encodeURIComponent(cursor)}`}`;
    try {
      const { body } = await call<Deleted>(account, path, { method: 'DELETE' }, signal);
      for (const [id, outcome] of Object.entries(body.deleted ?? {})) {
        if (outcome === 'deleted') deleted.add(id);
      }
      cursor = body.partial ? (body.next_cursor ?? '') : '';
    } catch (error) {
      if (error instanceof StoreError && error.throttled && deleted.size === 0) return undefined;
      throw error;
    }
  } while (cursor);
  return deleted;
}
