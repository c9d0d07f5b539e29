/**
 * Storing a file: it is written under a temporary name beside its place, made durable, compared, and renamed. A reader sees
 * no file or the whole file, also after a power cut.
 */
import { randomBytes } from 'node:crypto';
import {
  access,
  constants,
  type FileHandle,
  lstat,
  mkdir,
  open,
  opendir,
  rename,
  rm,
} from 'node:fs/promises';
import path from 'node:path';
import type { Asset } from '../../model/asset.ts';
import { closing, flushToDisk } from '../../util/file-handle.ts';
import { StoreError } from '../asset-store.ts';
import { provedBytes } from '../proved-bytes.ts';
import { codeOf } from './errors.ts';
import { digestOf, sizeOf } from './look.ts';
import { placeOf, refuseLinks } from './place.ts';

const TEMPORARY = /^\.overseed-[0-9a-f]{16}\.part$/;
/** A temporary file that nobody has written to for this long, in ms, is a dead run's. */
const STALE_MS = 3_600_000;

export const isTemporary = (name: string): boolean => TEMPORARY.test(name);

/**
 * Puts files into `folder`, and clears each folder that it comes to of what dead runs left there.
 * @throws StoreError, or errors of the file system
 */
export function putInto(folder: string) {
  const swept = new Set<string>();
  return async (asset: Asset, signal: AbortSignal): Promise<'stored' | 'already-there'> => {
    const place = placeOf(folder, asset);
    if (await isThere(place, asset)) return 'already-there';
    await refuseLinks(folder, asset);
    const parent = path.dirname(place);
    const temporary = path.join(parent, `.overseed-${randomBytes(8).toString('hex')}.part`);
    try {
      await copy(asset, temporary, folder, signal);
      signal.throwIfAborted();
      await rename(temporary, place);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await makeDurable(parent);
    if (!swept.has(parent)) {
      swept.add(parent);
      await sweep(parent);
    }
    return 'stored';
  };
}

/** @throws StoreError when something else is there: nothing is ever replaced */
async function isThere(place: string, asset: Asset): Promise<boolean> {
  const size = await sizeOf(place);
  if (size === undefined) return false;
  if (size === asset.sizeBytes && (await digestOf(place)) === asset.etag) return true;
  throw new StoreError(`other bytes are already stored in ${place}; look at that file and delete it`, {
    kind: 'permanent',
  });
}

async function copy(asset: Asset, temporary: string, root: string, signal: AbortSignal): Promise<void> {
  const target = await create(temporary, root);
  await using _ = closing(target);
  for await (const chunk of provedBytes(asset, signal)) await writeAll(target, chunk);
  await flushToDisk(target);
}

/** Another run may remove the folder, empty as it is, before the file is in it: then it is made again. */
async function create(temporary: string, root: string): Promise<FileHandle> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(path.dirname(temporary), { recursive: true });
      return await open(temporary, 'wx');
    } catch (error) {
      if (codeOf(error) === 'ENOENT' && attempt < 10) continue;
      // mkdir says ENOENT of a read-only file system, too; this says what it is.
      await access(root, constants.W_OK);
      throw error;
    }
  }
}

async function writeAll(handle: FileHandle, chunk: Buffer): Promise<void> {
  for (let written = 0; written < chunk.byteLength; ) {
    written += (await handle.write(chunk, written)).bytesWritten;
  }
}

/** A rename is durable when the folder that holds the name is. */
async function makeDurable(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await using _ = closing(handle);
    await flushToDisk(handle);
  } catch (error) {
    // Windows and some network file systems cannot do this to a folder. A power cut may then take the name with it; each
    // run looks whether its files are there, and stores them again.
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'ENOENT'].includes(codeOf(error))) throw error;
  }
}

async function sweep(folder: string): Promise<void> {
  for await (const { name } of await opendir(folder)) {
    if (!isTemporary(name)) continue;
    const file = path.join(folder, name);
    try {
      if (Date.now() - (await lstat(file)).mtimeMs > STALE_MS) await rm(file, { force: true });
    } catch {
      // Another run was quicker, or may look after it next time: a file too many, which no reader and no list sees.
    }
  }
}
