/** A public folder of the site as an asset store: files are copied under their public IDs and served by the site. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Asset } from '../../model/asset.ts';
import { messageOf } from '../../model/error.ts';
import { type AssetStore, StoreError } from '../asset-store.ts';
import { hashFile } from '../hash-file.ts';
import { changed } from '../open-unchanged.ts';

export interface FolderOptions {
  /** Absolute path of the folder that receives the files. */
  readonly folder: string;
  /** What people see, and the identity in the ledger: the folder relative to the project. */
  readonly label: string;
  /** URL of that folder on the site, without a slash at its end: `/media`. */
  readonly baseUrl: string;
  readonly prefix: string;
}

export function openFolderStore({ folder, label, baseUrl, prefix }: FolderOptions): AssetStore {
  const fileOf = (asset: Asset) => path.join(folder, `${asset.publicId}.${asset.format}`);
  const sizeOf = async (asset: Asset) => (await stat(fileOf(asset)).catch(() => undefined))?.size; // Absent: no size.
  return {
    name: `folder:${label}`,
    label: label && `folder ${label}`,
    prefix,
    maxConcurrency: 16,
    lookingCosts: false,

    urlOf: ({ publicId, format }) =>
      `${baseUrl}/${publicId.split('/').map(encodeURIComponent).join('/')}.${format}`,

    async findLost(known) {
      const sizes = await Promise.all(known.map(sizeOf));
      return known.filter((asset, index) => sizes[index] !== asset.sizeBytes);
    },

    async prepare() {
      await mkdir(folder, { recursive: true });
    },

    async put(asset) {
      // The name holds the content's hash and files arrive by rename, so a file of the right size is the right one.
      if ((await sizeOf(asset)) === asset.sizeBytes) return 'already-there';
      const file = fileOf(asset);
      const temporary = `${file}.${randomBytes(4).toString('hex')}.part`;
      try {
        await mkdir(path.dirname(file), { recursive: true });
        await copyFile(asset.file, temporary, constants.COPYFILE_FICLONE);
        if ((await hashFile(temporary)) !== asset.hash) throw changed();
        await rename(temporary, file);
      } catch (error) {
        await rm(temporary, { force: true });
        if (error instanceof StoreError) throw error;
        throw new StoreError(`could not be copied (${messageOf(error)})`, {
          kind: 'permanent',
          cause: error,
        });
      }
      return 'stored';
    },

    async check(asset) {
      const size = await sizeOf(asset);
      if (size === undefined) return 'is missing';
      return size === asset.sizeBytes ? undefined : `has ${size} bytes instead of ${asset.sizeBytes}`;
    },

    remove: (asset) => rm(fileOf(asset), { force: true }),
  };
}
