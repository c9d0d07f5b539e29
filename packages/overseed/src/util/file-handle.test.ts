import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { closing, flushToDisk } from './file-handle.ts';

const SOURCES = path.resolve(import.meta.dirname, '..');

test('a file is flushed, and closed at the end of its block', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'handle-'));
  try {
    const handle = await open(path.join(folder, 'a'), 'wx');
    {
      await using _ = closing(handle);
      await handle.writeFile('a');
      await flushToDisk(handle);
    }
    await expect(handle.stat()).rejects.toThrow('closed');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("nobody asks of a handle what those of Yarn's Plug'n'Play cannot do", async () => {
  const files = (await readdir(SOURCES, { recursive: true })).filter((file) => /(?<!\.test)\.ts$/.test(file));
  const found: string[] = [];
  for (const file of files) {
    const text = await readFile(path.join(SOURCES, file), 'utf8');
    for (const [use] of text.matchAll(/using \w+ = await open\(|\.(?:data)?sync\(\)/g))
      found.push(`${file}: ${use}`);
  }
  expect(found).toEqual([]);
  expect(files.length).toBeGreaterThan(300);
});
