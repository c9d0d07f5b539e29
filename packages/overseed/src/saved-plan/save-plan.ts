/** A saved plan appears whole or not at all, and never in the place of something else. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, type FileHandle, lstat, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, OverseedError } from '../model/error.ts';
import { closing, flushToDisk } from '../util/file-handle.ts';
import { jsonLines } from '../util/json-lines.ts';
import { MAX_PLAN_BYTES } from './read-plan.ts';
import type { SavedPlan } from './saved-plan.ts';

/** What is written at once, in characters. */
const PIECE = 64 * 1024;
/** Enough to see what a file is. */
const HEAD_BYTES = 1_024;

/** @throws PLAN_NOT_SAVED */
export async function savePlan(file: string, plan: SavedPlan): Promise<void> {
  await requirePlaceFor(file);
  const temporary = path.join(path.dirname(file), `.overseed-${randomBytes(6).toString('hex')}.part`);
  try {
    {
      const handle = await open(temporary, 'wx', 0o600);
      await using _ = closing(handle);
      await write(handle, plan);
      await flushToDisk(handle);
    }
    await rename(temporary, file);
  } catch (cause) {
    // The first failure is what counts; what is left is a file that nobody reads.
    await rm(temporary, { force: true }).catch(() => undefined);
    if (cause instanceof OverseedError) throw cause;
    throw notSaved(`The plan cannot be written to ${file}: ${messageOf(cause)}.`, cause);
  }
}

/**
 * Looked at before the work begins, too: minutes later would be a bad time to learn that a folder is missing.
 * @throws PLAN_NOT_SAVED when `file` cannot be made, or is there and no plan
 */
export async function requirePlaceFor(file: string): Promise<void> {
  const folder = path.dirname(file);
  const folderStats = await stat(folder).catch(() => undefined); // Whatever the reason, nothing can be put there.
  if (!folderStats?.isDirectory()) throw notSaved(`There is no folder ${folder}.`);
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw notSaved(`Nothing can be written into ${folder}: ${messageOf(cause)}.`, cause);
  });
  const found = await lstat(file).catch(() => undefined); // Most often there is nothing yet.
  if (found === undefined) return;
  if (found.isDirectory()) throw notSaved(`${file} is a folder.`);
  // A link leads elsewhere, and a device is not to be replaced by a file.
  if (!found.isFile()) throw notSaved(`${file} is not an ordinary file.`);
  if (found.size > 0 && !(await beginsAsPlan(file)))
    throw notSaved(`${file} is there, and is not a plan: it is left alone.`);
}

async function beginsAsPlan(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'r');
    await using _ = closing(handle);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return /^\{\s*"kind"\s*:\s*"overseed-plan"/.test(buffer.toString('utf8', 0, bytesRead));
  } catch (cause) {
    throw notSaved(`${file} is there, and cannot be read: ${messageOf(cause)}.`, cause);
  }
}

async function write(handle: FileHandle, plan: SavedPlan): Promise<void> {
  let piece = '';
  let bytes = 0;
  const flush = async () => {
    await handle.appendFile(piece);
    bytes += Buffer.byteLength(piece);
    piece = '';
    if (bytes > MAX_PLAN_BYTES)
      throw notSaved(`The plan has more than ${MAX_PLAN_BYTES} bytes, which could not be read again.`);
  };
  for (const text of jsonLines(plan)) {
    piece += text;
    if (piece.length >= PIECE) await flush();
  }
  await flush();
}

function notSaved(what: string, cause?: unknown): OverseedError {
  const next = 'Name another file with --out.';
  return new OverseedError('PLAN_NOT_SAVED', { what, state: 'old', next, cause });
}
