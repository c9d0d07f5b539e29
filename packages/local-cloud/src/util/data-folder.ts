import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onProcessExit } from './on-process-exit.ts';

export interface DataFolder {
  readonly path: string;
  /** Deletes a temporary folder; leaves a given one alone. Safe to call twice. */
  discard(): Promise<void>;
}

/** The folder at `given`, created if missing and kept; or else a new temporary folder that goes with the process. */
export async function openDataFolder(given: string | undefined, prefix = 'local-cloud'): Promise<DataFolder> {
  if (given !== undefined) {
    const path = resolve(given);
    await mkdir(path, { recursive: true });
    return { path, discard: async () => {} };
  }
  const path = mkdtempSync(join(tmpdir(), `${prefix}-`));
  const forget = onProcessExit(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    discard: async () => {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      forget();
    },
  };
}
