/** Bytes of an asset on their way out of a store, into a folder of the user's. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ProvableAsset } from '../model/asset.ts';
import { messageOf } from '../model/error.ts';
import { closing } from '../util/file-handle.ts';
import { compareDigest, compareSize } from './check-url.ts';

/** Of one file, in ms: 100 MB at 1 MB/s, with room. */
const LONGEST_MS = 150_000;

/**
 * Writes what `read` hands out to `folder/name`. The file appears when it is whole and proved to be the asset.
 * @param folder absolute; what leads out of it by way of a link is refused
 * @param replace whether another file of that name may go
 * @returns `received`, `there` when the asset was there before, or what is wrong, in words
 */
export async function receive(
  asset: ProvableAsset,
  read: (signal: AbortSignal) => AsyncIterable<Uint8Array>,
  { folder, name, replace }: { folder: string; name: string; replace: boolean },
  signal: AbortSignal,
): Promise<{ readonly how: 'received' | 'there' } | { readonly problem: string; readonly isFinal: boolean }> {
  const file = path.join(folder, name);
  try {
    const difference = await differenceOf(file, asset);
    if (difference !== 'is missing') {
      if (difference === undefined) return { how: 'there' };
      if (!replace) return { problem: 'is there with other bytes; --force replaces it', isFinal: true };
    }
    await mkdir(path.dirname(file), { recursive: true });
    const [root, parent] = await Promise.all([realpath(folder), realpath(path.dirname(file))]);
    if (parent !== root && !parent.startsWith(root + path.sep))
      return { problem: 'leads out of the folder by way of a link', isFinal: true };
  } catch (error) {
    signal.throwIfAborted();
    return { problem: messageOf(error), isFinal: true };
  }
  const temporary = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    const problem = await write(
      temporary,
      asset,
      read(AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)])),
    );
    if (problem) return { problem, isFinal: false };
    await rename(temporary, file);
    return { how: 'received' };
  } catch (error) {
    signal.throwIfAborted();
    return { problem: messageOf(error), isFinal: isOfDisk(error) };
  } finally {
    await rm(temporary, { force: true });
  }
}

async function write(
  file: string,
  asset: ProvableAsset,
  chunks: AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  const md5 = createHash('md5');
  let bytes = 0;
  const handle = await open(file, 'wx');
  await using _ = closing(handle);
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > asset.sizeBytes) break;
    md5.update(chunk);
    await handle.writeFile(chunk);
  }
  return compareSize(bytes, asset) ?? compareDigest(md5.digest('hex'), asset);
}

async function differenceOf(file: string, asset: ProvableAsset): Promise<string | undefined> {
  const found = await lstat(file).catch(() => undefined); // Nothing there; whatever else is wrong, writing says it.
  if (!found) return 'is missing';
  if (!found.isFile()) return 'is no file';
  if (found.size !== asset.sizeBytes) return compareSize(found.size, asset);
  const md5 = createHash('md5');
  for await (const chunk of createReadStream(file)) md5.update(chunk as Buffer);
  return compareDigest(md5.digest('hex'), asset);
}

function isOfDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
