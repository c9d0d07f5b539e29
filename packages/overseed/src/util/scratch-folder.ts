import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterNativeWork } from './native-work.ts';

export interface ScratchFolder extends AsyncDisposable {
  readonly path: string;
  /** A path inside that was not given before: `name`, with a number in front. */
  file(name: string): string;
}

/** A folder for this run only, readable by this user only; gone when it is disposed. */
export async function scratchFolder(): Promise<ScratchFolder> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-'));
  let files = 0;
  return {
    path: folder,
    file: (name) => path.join(folder, `${++files}-${name}`),
    // A thread may still be writing into it.
    [Symbol.asyncDispose]: () => afterNativeWork(() => rm(folder, { recursive: true, force: true })),
  };
}
