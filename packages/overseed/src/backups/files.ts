/** What backups and kept states share. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, copyFile, link, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Name of the folder for what belongs to one target. */
export function targetFolder(target: string): string {
  return target.replace(/[^A-Za-z0-9.-]+/g, '_').replace(/^[_.]+/, '') || 'target';
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/**
 * The same file under another name; a copy where that is not possible. Nobody may write to either from then on.
 * @returns whether it is the same file
 */
export async function take(from: string, to: string): Promise<boolean> {
  await rm(to, { force: true });
  try {
    await link(from, to);
    return true;
  } catch {
    // Another file system, or one without links.
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    return false;
  }
}

/** What lies here is people's data, and a repository is a place that data does not come back from. */
export async function keepOutOfGit(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  const home = path.basename(parent) === '.overseed' ? parent : folder;
  await writeFile(path.join(home, '.gitignore'), '*\n', { flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      // Whoever wrote one has decided.
      if (error.code !== 'EEXIST') throw error;
    },
  );
}
