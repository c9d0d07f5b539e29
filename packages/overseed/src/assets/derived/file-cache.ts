/**
 * A folder of things that can be made again: optimised pictures, downloads, placeholders. An entry is a note (JSON) and,
 * mostly, a file; the note is written last, by rename, so an entry is whole or absent. The folder is kept below a size and
 * an age.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

const MAX_BYTES = 4_000_000_000;
const MAX_AGE_MS = 90 * 24 * 3_600_000;
/** Another run may be about to use what was used so recently. */
const IN_USE_MS = 3_600_000;
/** How often the folder is looked through. */
const SWEEP_EVERY_MS = 24 * 3_600_000;
/** Name of the file whose age says when that was last. */
const SWEPT = 'swept';

export interface CachedFile {
  /** Absolute path. */
  readonly file: string;
  /** What its bytes must hash to; whoever reads them compares. */
  readonly sha256: string;
}

export interface CacheEntry<Facts> {
  readonly facts: Facts;
  /** Absent when the entry is a note alone. */
  readonly content?: CachedFile;
}

interface Note<Facts> {
  readonly facts: Facts;
  readonly content?: { readonly name: string; readonly sha256: string };
}

export interface NewEntry<Facts> {
  readonly facts: Facts;
  /** There when the maker wrote a file; the checksum of its bytes as hex. */
  readonly content?: { readonly extension: string; readonly sha256: string };
}

export class FileCache<Facts> {
  readonly #folder: string;
  readonly #limits: { readonly maxBytes: number; readonly maxAgeMs: number };
  #swept: Promise<void> | undefined;

  /** @param folder absolute; made when it is needed */
  constructor(folder: string, { maxBytes = MAX_BYTES, maxAgeMs = MAX_AGE_MS } = {}) {
    this.#folder = folder;
    this.#limits = { maxBytes, maxAgeMs };
  }

  /** @param key hex digits. @returns undefined when there is no such entry, or not all of it */
  async read(key: string): Promise<CacheEntry<Facts> | undefined> {
    const noteFile = this.#noteFile(key);
    try {
      const { facts, content } = JSON.parse(await readFile(noteFile, 'utf8')) as Note<Facts>;
      await touch(noteFile);
      if (!content) return { facts };
      const file = path.join(path.dirname(noteFile), path.basename(content.name));
      await touch(file);
      return { facts, content: { file, sha256: content.sha256 } };
    } catch {
      // Absent, cut off or unreadable: it is made again, and written over.
      return undefined;
    }
  }

  /**
   * Atomic.
   * @param make writes the entry's file to the path that it is given, if the entry has one; undefined: no entry
   * @throws what `make` throws, and what the disk says: full, or read-only
   */
  async write(
    key: string,
    make: (temporary: string) => Promise<NewEntry<Facts> | undefined>,
  ): Promise<CacheEntry<Facts> | undefined> {
    this.#swept ??= this.#sweep();
    await this.#swept;
    const noteFile = this.#noteFile(key);
    const folder = path.dirname(noteFile);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const temporary = path.join(folder, `${randomBytes(8).toString('hex')}.part`);
    try {
      const made = await make(temporary);
      if (!made) return undefined;
      const { facts, content } = made;
      // Named by its content too: whoever still reads an older file of this key is not disturbed.
      const name = content && `${key}-${content.sha256.slice(0, 12)}.${content.extension}`;
      const note: Note<Facts> = name ? { facts, content: { name, sha256: content.sha256 } } : { facts };
      if (name) await rename(temporary, path.join(folder, name));
      await writeFile(temporary, JSON.stringify(note), { mode: 0o600 });
      await rename(temporary, noteFile);
      return name ? { facts, content: { file: path.join(folder, name), sha256: content.sha256 } } : { facts };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  #noteFile(key: string): string {
    return path.join(this.#folder, key.slice(0, 2), `${key}.json`);
  }

  /** Removes what is too old, then what was used longest ago, until the rest is small enough. */
  async #sweep(): Promise<void> {
    const now = Date.now();
    const stamp = path.join(this.#folder, SWEPT);
    const last = await stat(stamp).catch(() => undefined); // Never swept.
    if (last && now - last.mtimeMs < SWEEP_EVERY_MS) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(stamp, '', { mode: 0o600 });
    const files = (await filesBelow(this.#folder)).filter(({ file }) => file !== stamp);
    let kept = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { file, bytes, usedMs } of files.sort((a, b) => a.usedMs - b.usedMs)) {
      const age = now - usedMs;
      if (age < IN_USE_MS || (age < this.#limits.maxAgeMs && kept <= this.#limits.maxBytes)) break;
      await rm(file, { force: true });
      kept -= bytes;
    }
  }
}

/** Says that it was used; when that was said lately, it need not be said again. @throws when there is no such file */
async function touch(file: string): Promise<void> {
  const now = new Date();
  if (now.getTime() - (await stat(file)).mtimeMs > IN_USE_MS / 2) await utimes(file, now, now);
}

async function filesBelow(folder: string): Promise<{ file: string; bytes: number; usedMs: number }[]> {
  const files: { file: string; bytes: number; usedMs: number }[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const file = path.join(folder, name);
    const info = await stat(file).catch(() => undefined); // Another run removed it meanwhile.
    if (info?.isFile()) files.push({ file, bytes: info.size, usedMs: info.mtimeMs });
  }
  return files;
}
