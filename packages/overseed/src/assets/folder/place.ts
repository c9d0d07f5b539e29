/** Where files lie, and that they lie inside: neither `..` nor a symbolic link leads out of the store's folder. */
import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { AssetName } from '../../model/asset.ts';
import { StoreError } from '../asset-store.ts';
import { fileNameOf, isPlainPath } from '../file-name.ts';
import { codeOf } from './errors.ts';

/** Where the asset's file is or would be. @throws StoreError when its public ID leads out of `folder` */
export function placeOf(folder: string, asset: AssetName): string {
  if (!isPlainPath(asset.publicId)) throw leadsOut(asset);
  return path.join(folder, fileNameOf(asset));
}

/**
 * To be asked before something is made or removed there: the system would follow a link.
 * @throws StoreError when a folder above the asset's file is a symbolic link that leads out of `folder`
 */
export async function refuseLinks(folder: string, asset: AssetName): Promise<void> {
  let nearest = path.dirname(placeOf(folder, asset));
  while (nearest !== folder && !(await exists(nearest))) nearest = path.dirname(nearest);
  // The folder itself may well be a link; that was the user's choice.
  if (nearest === folder) return;
  const [real, root] = await Promise.all([realpath(nearest), realpath(folder)]);
  if (!real.startsWith(root + path.sep)) throw leadsOut(asset);
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function leadsOut({ publicId }: AssetName): StoreError {
  return new StoreError(`its public ID "${publicId}" leads out of the folder`, { kind: 'permanent' });
}
