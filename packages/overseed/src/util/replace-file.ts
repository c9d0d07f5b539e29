/** A file that appears whole or not at all, and never in the place of something else. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, type FileHandle, lstat, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { closing, flushToDisk } from './file-handle.ts';

/** Enough to see what a file is. */
const HEAD_BYTES = 1_024;

/** Why a file cannot be written; a sentence. */
export class CannotReplace extends Error {}

/** Its owner alone may read it. @throws whatever `write` throws, and what the system says */
export async function replaceFile(file: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const temporary = path.join(path.dirname(file), `.overseed-${randomBytes(6).toString('hex')}.part`);
  try {
    {
      const handle = await open(temporary, 'wx', 0o600);
      await using _ = closing(handle);
      await write(handle);
      await flushToDisk(handle);
    }
    await rename(temporary, file);
  } catch (cause) {
    // The first failure is what counts; what is left is a file that nobody reads.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cause;
  }
}

/**
 * @param kind what an earlier file of ours is: its name with an article, and how it begins
 * @throws CannotReplace when `file` cannot be made, or is there and no such file
 */
export async function requireReplaceable(
  file: string,
  kind: { readonly name: string; readonly begins: RegExp },
): Promise<void> {
  const folder = path.dirname(file);
  const folderStats = await stat(folder).catch(() => undefined); // Whatever the reason, nothing can be put there.
  if (!folderStats?.isDirectory()) throw new CannotReplace(`There is no folder ${folder}.`);
  await access(folder, constants.W_OK).catch((cause: Error) => {
    throw new CannotReplace(`Nothing can be written into ${folder}: ${cause.message}.`, { cause });
  });
  const found = await lstat(file).catch(() => undefined); // Most often there is nothing yet.
  if (found === undefined) return;
  if (found.isDirectory()) throw new CannotReplace(`${file} is a folder.`);
  // A link leads elsewhere, and a device is not to be replaced by a file.
  if (!found.isFile()) throw new CannotReplace(`${file} is not an ordinary file.`);
  if (found.size > 0 && !kind.begins.test(await headOf(file)))
    throw new CannotReplace(`${file} is there, and is not ${kind.name}: it is left alone.`);
}

async function headOf(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r');
    await using _ = closing(handle);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (cause) {
    throw new CannotReplace(`${file} is there, and cannot be read: ${(cause as Error).message}.`, { cause });
  }
}
