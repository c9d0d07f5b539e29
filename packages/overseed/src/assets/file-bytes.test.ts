import { closeSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder } from '../util/scratch-folder.ts';
import { bytesInMemory, bytesOnDisk } from './file-bytes.ts';

test('bytes on the disk are found and read like those in memory, also across the windows that are looked through', async () => {
  await using scratch = await scratchFolder();
  const MEGABYTE = 1 << 20;
  const needle = Buffer.from([0xff, 0xd9]);
  for (const place of [0, 1, MEGABYTE - 2, MEGABYTE - 1, MEGABYTE, 2 * MEGABYTE - 1, 3 * MEGABYTE - 2]) {
    const content = Buffer.alloc(3 * MEGABYTE, 7);
    needle.copy(content, place);
    const file = path.join(scratch.path, 'file');
    writeFileSync(file, content);
    const descriptor = openSync(file, 'r');
    for (const bytes of [bytesInMemory(content), bytesOnDisk(descriptor, content.byteLength)]) {
      expect(bytes.indexOf(needle, 0)).toBe(place);
      expect(bytes.indexOf(needle, place)).toBe(place);
      expect(bytes.indexOf(needle, place + 1)).toBe(-1);
      expect(bytes.read(place, 2)).toEqual(needle);
      expect(bytes.read(content.byteLength - 1, 10)).toHaveLength(1);
      expect(bytes.read(content.byteLength, 10)).toHaveLength(0);
    }
    closeSync(descriptor);
  }
});
