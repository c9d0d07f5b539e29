/** A folder for the files of one run; and what it means that its disk has no room for them. */
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import { messageOf, OverseedError } from '../model/error.ts';
import { isEngineError } from '../sqlite/engine-error.ts';
import { type ScratchFolder, scratchFolder } from '../util/scratch-folder.ts';

/** A disk with less room than this is full: the next page of a database would not fit. */
const FULL_BYTES = 64 * 1024;

/**
 * The folder is gone when `work` has ended, however it ended.
 * @throws DISK_FULL when it had no room for the files of the run; CONFIG_INVALID when there can be no such folder
 */
export async function inScratch<T>(work: (scratch: ScratchFolder) => Promise<T>): Promise<T> {
  await using scratch = await scratchFolder().catch((error: unknown) => {
    throw noFolder(error);
  });
  try {
    return await work(scratch);
  } catch (error) {
    throw await explainFullDisk(error, scratch.path);
  }
}

/** @returns DISK_FULL when that is what `error` comes from, else `error` itself */
export async function explainFullDisk(error: unknown, folder: string): Promise<unknown> {
  return (await isFull(error, folder)) ? noRoom(error) : error;
}

/** The engine may stumble over a file that could not be written to its end, and call it corrupt. */
async function isFull(error: unknown, folder: string): Promise<boolean> {
  if (error instanceof OverseedError || !(error instanceof Error)) return false;
  const first = 'suppressed' in error ? error.suppressed : error;
  if (isFullCode(first)) return true;
  if (!isEngineError(first)) return false;
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < FULL_BYTES;
}

function isFullCode(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return ['SQLITE_FULL', 'ENOSPC', 'EDQUOT'].includes(String(error.code));
}

function noRoom(error: unknown): OverseedError {
  return new OverseedError('DISK_FULL', {
    what: `${os.tmpdir()} has no room left for the files of this run.`,
    state: 'old',
    next: 'They are removed again. Free some room there, or set TMPDIR to a folder on a larger disk; a run needs about three times the size of its tables. Then run the same command again.',
    cause: error,
  });
}

function noFolder(error: unknown): OverseedError {
  const isFull = isFullCode(error);
  return new OverseedError(isFull ? 'DISK_FULL' : 'CONFIG_INVALID', {
    what: `No folder for the files of this run can be made in ${os.tmpdir()}: ${messageOf(error)}.`,
    state: 'not-contacted',
    next: isFull
      ? 'Free some room there, or set TMPDIR to a folder on a larger disk.'
      : 'Set TMPDIR to a folder that you may write to.',
    cause: error,
  });
}
