/** A disk that is soon full: a file system of its own in memory. Only the superuser may mount one. */
import { execFile } from 'node:child_process';
import { mkdtemp, open, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SmallDisk extends AsyncDisposable {
  readonly folder: string;
  /** Everything that is on it, by path. */
  files(): Promise<string[]>;
  freeBytes(): Promise<number>;
  /** Fills it up but for `bytes`. @returns a function that gives the room back */
  leave(bytes: number): Promise<() => Promise<void>>;
}

/** True where {@link smallDisk} works: Linux, with the right to mount. */
export async function canMount(): Promise<boolean> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    await using disk = await smallDisk(1);
    return (await disk.freeBytes()) > 0;
  } catch {
    // A container without the right to mount: whoever asked skips, and says so.
    return false;
  }
}

export async function smallDisk(megabytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(path.join(tmpdir(), 'overseed-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
  const freeBytes = async () => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  };
  return {
    folder,
    freeBytes,
    files: async () =>
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(path.relative(folder, entry.parentPath), entry.name)),
    async leave(bytes) {
      const filler = path.join(folder, 'filler');
      await using handle = await open(filler, 'w');
      await handle.writeFile(new Uint8Array(Math.max(0, (await freeBytes()) - bytes)));
      return () => rm(filler);
    },
    async [Symbol.asyncDispose]() {
      // Lazily: the engine closes a file only when its last statement is collected as garbage.
      await run('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true });
    },
  };
}
