import { readdirSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ScratchFolder, scratchFolder } from '../../util/scratch-folder.ts';
import { FileCache, type NewEntry } from './file-cache.ts';

let scratch: ScratchFolder;
let folder: string;
beforeEach(async () => {
  scratch = await scratchFolder();
  folder = path.join(scratch.path, 'cache');
});
afterEach(() => scratch[Symbol.asyncDispose]());

interface Facts {
  readonly from: string;
}

const KEY = 'ab'.repeat(32);

/** An entry whose file holds `text`. */
function entry(text: string): (temporary: string) => Promise<NewEntry<Facts>> {
  return async (temporary) => {
    await writeFile(temporary, text);
    return { facts: { from: text }, content: { extension: 'txt', sha256: `${text.length}`.repeat(64) } };
  };
}

function files(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile() && found.name !== 'swept')
    .map(({ name }) => name)
    .sort();
}

describe('an entry', () => {
  test('is found again, with its file', async () => {
    const written = await new FileCache<Facts>(folder).write(KEY, entry('one'));
    const read = await new FileCache<Facts>(folder).read(KEY);
    expect(read).toEqual(written);
    expect(read?.facts).toEqual({ from: 'one' });
    expect(await readFile(read?.content?.file ?? '', 'utf8')).toBe('one');
  });

  test('may be a note alone', async () => {
    await new FileCache<Facts>(folder).write(KEY, async () => ({ facts: { from: 'note' } }));
    expect(await new FileCache<Facts>(folder).read(KEY)).toEqual({ facts: { from: 'note' } });
  });

  test('is not there when its maker failed or made none, and nothing stays behind', async () => {
    const cache = new FileCache<Facts>(folder);
    const failing = cache.write(KEY, async (temporary) => {
      await writeFile(temporary, 'half');
      throw new Error('broke off');
    });
    await expect(failing).rejects.toThrow('broke off');
    expect(await cache.write(KEY, async () => undefined)).toBeUndefined();
    expect(await cache.read(KEY)).toBeUndefined();
    expect(files()).toEqual([]);
  });

  test('is not there when its note is cut off or its file is gone', async () => {
    const cache = new FileCache<Facts>(folder);
    const { content } = (await cache.write(KEY, entry('one'))) ?? {};
    await rm(content?.file ?? '');
    expect(await cache.read(KEY)).toBeUndefined();
    await cache.write(KEY, entry('one'));
    truncateSync(path.join(folder, 'ab', `${KEY}.json`), 10);
    expect(await cache.read(KEY)).toBeUndefined();
  });

  test('that is replaced leaves the older file to whoever still reads it', async () => {
    const cache = new FileCache<Facts>(folder);
    const older = await cache.write(KEY, entry('one'));
    await cache.write(KEY, entry('three'));
    expect((await cache.read(KEY))?.facts).toEqual({ from: 'three' });
    expect(await readFile(older?.content?.file ?? '', 'utf8')).toBe('one');
  });

  test('leads to no file outside of the cache', async () => {
    const cache = new FileCache<Facts>(folder);
    await cache.write(KEY, async () => ({ facts: { from: 'x' } }));
    writeFileSync(path.join(folder, 'ab', 'passwd'), 'inside');
    const note = { facts: {}, content: { name: '../../../../etc/passwd', sha256: 'x' } };
    writeFileSync(path.join(folder, 'ab', `${KEY}.json`), JSON.stringify(note));
    expect((await cache.read(KEY))?.content?.file).toBe(path.join(folder, 'ab', 'passwd'));
  });

  test('can be read by its owner only', async () => {
    const { content } = (await new FileCache<Facts>(folder).write(KEY, entry('one'))) ?? {};
    expect(statSync(path.join(folder, 'ab', `${KEY}.json`)).mode & 0o077).toBe(0);
    expect(statSync(path.dirname(content?.file ?? '')).mode & 0o077).toBe(0);
  });
});

describe('the cache is looked through once a day', () => {
  const DAY_MS = 24 * 3_600_000;

  /** Five entries of ten bytes (and their notes), used one to five days ago; the youngest first. */
  async function fill(): Promise<void> {
    const cache = new FileCache<Facts>(folder);
    for (let days = 1; days <= 5; days++) {
      const key = `${days}`.repeat(64);
      const { content } = (await cache.write(key, entry('x'.repeat(10)))) ?? {};
      age(path.join(folder, key.slice(0, 2), `${key}.json`), days);
      age(content?.file ?? '', days);
    }
    age(path.join(folder, 'swept'), 2);
  }

  function age(file: string, days: number): void {
    const then = new Date(Date.now() - days * DAY_MS);
    utimesSync(file, then, then);
  }

  async function kept(limits: { maxBytes?: number; maxAgeMs?: number }): Promise<number[]> {
    const cache = new FileCache<Facts>(folder, limits);
    await cache.write('f'.repeat(64), async () => undefined);
    const present: number[] = [];
    for (let days = 1; days <= 5; days++) if (await cache.read(`${days}`.repeat(64))) present.push(days);
    return present;
  }

  test('what is too old goes', async () => {
    await fill();
    expect(await kept({ maxAgeMs: 3.5 * DAY_MS })).toEqual([1, 2, 3]);
  });

  test('what was used longest ago goes first when there is too much', async () => {
    await fill();
    const bytes = files().reduce(
      (sum, name) => sum + statSync(path.join(folder, name.slice(0, 2), name)).size,
      0,
    );
    expect(await kept({ maxBytes: Math.ceil((bytes * 2) / 5) })).toEqual([1, 2]);
  });

  test('what was used within the hour stays, whatever the limits are', async () => {
    await fill();
    await new FileCache<Facts>(folder).read('5'.repeat(64)); // Using it makes it young.
    expect(await kept({ maxBytes: 0 })).toEqual([5]);
  });

  test('and not more often', async () => {
    await fill();
    age(path.join(folder, 'swept'), 0.5);
    expect(await kept({ maxBytes: 0 })).toEqual([1, 2, 3, 4, 5]);
  });
});
