/** What is in the folder. */
import { createHash } from 'node:crypto';
import { createReadStream, type Dir } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';
import type { StoredAsset } from '../asset-store.ts';
import { fromFileName } from '../file-name.ts';
import { codeOf } from './errors.ts';

const PAGE_SIZE = 500;

/** Undefined when there is no such file; a link is none. */
export async function sizeOf(file: string): Promise<number | undefined> {
  const info = await lookAt(file);
  return info?.isFile() ? info.size : undefined;
}

/** MD5 as hex. */
export async function digestOf(file: string, signal?: AbortSignal): Promise<string> {
  const md5 = createHash('md5');
  const chunks = createReadStream(file, { ...(signal && { signal }) }) as AsyncIterable<Buffer>;
  for await (const chunk of chunks) md5.update(chunk);
  return md5.digest('hex');
}

/** Every file below `folder/prefix` but `ignored` ones; links are not followed. */
export async function* list(
  folder: string,
  prefix: string,
  ignored: (name: string) => boolean,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredAsset[]> {
  signal.throwIfAborted();
  let page: StoredAsset[] = [];
  for await (const name of filesBelow(path.join(folder, prefix), signal)) {
    if (ignored(path.basename(name))) continue;
    const info = await lookAt(name);
    if (!info?.isFile()) continue;
    const relative = path.relative(folder, name).split(path.sep).join('/');
    page.push({
      ...fromFileName(relative),
      sizeBytes: info.size,
      etag: undefined,
      storedAt: info.mtime,
    });
    if (page.length < PAGE_SIZE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function* filesBelow(folder: string, signal: AbortSignal): AsyncGenerator<string> {
  let entries: Dir;
  try {
    entries = await opendir(folder);
  } catch (error) {
    // Nothing was stored yet, or the last file was removed a moment ago.
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  for await (const entry of entries) {
    signal.throwIfAborted();
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file, signal);
    else if (entry.isFile()) yield file;
  }
}

async function lookAt(file: string) {
  try {
    return await lstat(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
