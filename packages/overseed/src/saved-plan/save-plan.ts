/** A saved plan appears whole or not at all, and never in the place of something else. */
import type { FileHandle } from 'node:fs/promises';
import { messageOf, OverseedError } from '../model/error.ts';
import { jsonLines } from '../util/json-lines.ts';
import { CannotReplace, replaceFile, requireReplaceable } from '../util/replace-file.ts';
import { MAX_PLAN_BYTES } from './read-plan.ts';
import type { SavedPlan } from './saved-plan.ts';

/** What is written at once, in characters. */
const PIECE = 64 * 1024;
const A_PLAN = { name: 'a plan', begins: /^\{\s*"kind"\s*:\s*"overseed-plan"/ };

/** @throws PLAN_NOT_SAVED */
export async function savePlan(file: string, plan: SavedPlan): Promise<void> {
  await requirePlaceFor(file);
  try {
    await replaceFile(file, (handle) => write(handle, plan));
  } catch (cause) {
    if (cause instanceof OverseedError) throw cause;
    throw notSaved(`The plan cannot be written to ${file}: ${messageOf(cause)}.`, cause);
  }
}

/**
 * Looked at before the work begins, too: minutes later would be a bad time to learn that a folder is missing.
 * @throws PLAN_NOT_SAVED when `file` cannot be made, or is there and no plan
 */
export async function requirePlaceFor(file: string): Promise<void> {
  try {
    await requireReplaceable(file, A_PLAN);
  } catch (cause) {
    if (!(cause instanceof CannotReplace)) throw cause;
    throw notSaved(cause.message, cause.cause);
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
