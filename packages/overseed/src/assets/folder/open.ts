/** A public folder of the site as an asset store: files are copied under their public IDs and served by the site. */

import type { StatsFs } from 'node:fs';
import { createReadStream } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { ProvableAsset } from '../../model/asset.ts';
import { OverseedError } from '../../model/error.ts';
import { chunksOf } from '../../util/chunks.ts';
import type { AssetStore, CheckDepth, StoreUsage } from '../asset-store.ts';
import { compareDigest, compareSize } from '../check-url.ts';
import { urlPathOf } from '../file-name.ts';
import { codeOf, toStoreError } from './errors.ts';
import { digestOf, list, sizeOf } from './look.ts';
import { placeOf } from './place.ts';
import { isTemporary, putInto } from './put.ts';
import { remove } from './remove.ts';

const LOOKS_AT_ONCE = 64;

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
  const put = putInto(folder);
  return {
    name: `folder:${label}`,
    label: label && `folder ${label}`,
    credentials: `the permissions of ${label}`,
    prefix,
    maxConcurrency: 16,
    removesAtOnce: 1_000,
    lookingCosts: false,

    urlOf: (asset) => `${baseUrl}/${urlPathOf(asset)}`,

    async findLost(known, signal) {
      signal.throwIfAborted();
      const lost = [];
      for (const group of chunksOf(known, LOOKS_AT_ONCE)) {
        const sizes = await Promise.all(group.map((asset) => sizeOf(placeOf(folder, asset))));
        lost.push(...group.filter((asset, index) => sizes[index] !== asset.sizeBytes));
      }
      return lost;
    },

    async prepare(_assets, signal) {
      signal.throwIfAborted();
      try {
        await mkdir(folder, { recursive: true });
      } catch (error) {
        throw unusable(error, label);
      }
    },

    async put(asset, signal) {
      try {
        return await put(asset, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw toStoreError(error, label);
      }
    },

    async check(asset, depth, signal) {
      signal.throwIfAborted();
      try {
        return await checkFile(placeOf(folder, asset), asset, depth, signal);
      } catch (error) {
        signal.throwIfAborted();
        return toStoreError(error, label).message;
      }
    },

    read: (asset, signal) => createReadStream(placeOf(folder, asset), { signal }),

    remove: (assets, signal) => remove({ folder, label, prefix }, assets, signal),
    list: (signal) => list(folder, prefix, isTemporary, signal),
    usage: (signal) => diskUsage(folder, signal),
  };
}

async function checkFile(
  file: string,
  asset: ProvableAsset,
  depth: CheckDepth,
  signal: AbortSignal,
): Promise<string | undefined> {
  const size = await sizeOf(file);
  if (size === undefined) return 'is missing';
  const problem = compareSize(size, asset);
  return problem || depth === 'headers' ? problem : compareDigest(await digestOf(file, signal), asset);
}

async function diskUsage(folder: string, signal: AbortSignal): Promise<StoreUsage> {
  signal.throwIfAborted();
  const { bsize, blocks, bavail } = await statfsAbove(folder);
  return {
    limits: { imageBytes: undefined, imagePixels: undefined, videoBytes: undefined, otherBytes: undefined },
    quotas: [
      {
        name: 'disk',
        unit: 'bytes',
        used: (blocks - bavail) * bsize,
        limit: blocks * bsize,
        resetsAt: undefined,
        perUpload: 0,
        perByte: 1,
      },
    ],
  };
}

/** Of the folder, or of the nearest one above it that exists already. */
async function statfsAbove(folder: string): Promise<StatsFs> {
  try {
    return await statfs(folder);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || path.dirname(folder) === folder) throw error;
    return statfsAbove(path.dirname(folder));
  }
}

function unusable(error: unknown, label: string): OverseedError {
  return new OverseedError('ASSETS_FAILED', {
    what: `The folder ${label} could not be made (${toStoreError(error, label).message}).`,
    state: 'old',
    next: 'No file was stored. Make room or give the permission, then run this again.',
    cause: error,
  });
}
