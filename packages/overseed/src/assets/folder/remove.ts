import { rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { AssetName } from '../../model/asset.ts';
import type { Removal, StoreError } from '../asset-store.ts';
import { underPrefix } from '../file-name.ts';
import { codeOf, toStoreError } from './errors.ts';
import { placeOf, refuseLinks } from './place.ts';

/** Removes files, and the folders that are empty then, up to `folder` itself. */
export async function remove<T extends AssetName>(
  { folder, label, prefix }: { folder: string; label: string; prefix: string },
  assets: readonly T[],
  signal: AbortSignal,
): Promise<Removal<T>> {
  signal.throwIfAborted();
  const { own, foreign } = underPrefix(assets, prefix);
  const gone: T[] = [];
  const absent: T[] = [];
  const failed: { asset: T; error: StoreError }[] = [...foreign];
  for (const asset of own) {
    signal.throwIfAborted();
    try {
      await refuseLinks(folder, asset);
      if (!(await unlinkFile(placeOf(folder, asset)))) absent.push(asset);
      gone.push(asset);
    } catch (error) {
      failed.push({ asset, error: toStoreError(error, label) });
    }
  }
  const parents = new Set(gone.map((asset) => path.dirname(placeOf(folder, asset))));
  for (const parent of parents) await removeEmpty(parent, folder);
  return { gone, absent, failed };
}

async function unlinkFile(file: string): Promise<boolean> {
  try {
    await unlink(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function removeEmpty(start: string, root: string): Promise<void> {
  for (let folder = start; folder !== root; folder = path.dirname(folder)) {
    try {
      await rmdir(folder);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') continue;
      // Not empty, or not ours to remove: an empty folder harms nobody.
      return;
    }
  }
}
