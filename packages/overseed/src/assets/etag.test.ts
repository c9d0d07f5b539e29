import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toPublicId } from '../model/asset.ts';
import { randomPicture } from '../util/random-picture.ts';
import { type ScratchFolder, scratchFolder } from '../util/scratch-folder.ts';
import { withEtags } from './etag.ts';
import { measureFile } from './measure-file.ts';

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await scratchFolder();
});
afterAll(() => scratch[Symbol.asyncDispose]());
const never = new AbortController().signal;

function measured(name: string) {
  writeFileSync(path.join(scratch.path, name), randomPicture({ width: 9, height: 9 }));
  return { ...measureFile(scratch.path, name), path: name, publicId: toPublicId(`site/${name}`) };
}

test('each asset gets the MD5 of its file, in the same order', async () => {
  const bytes = [randomPicture({ width: 9, height: 9 }), randomPicture({ width: 200, height: 200 })];
  const assets = bytes.map((content, index) => {
    writeFileSync(path.join(scratch.path, `${index}.png`), content);
    const name = `${index}.png`;
    return { ...measureFile(scratch.path, name), path: name, publicId: toPublicId(name) };
  });
  const expected = bytes.map((content) => createHash('md5').update(content).digest('hex'));
  expect((await withEtags(assets, never)).map(({ etag }) => etag)).toEqual(expected);
});

test.each([
  ['has changed', (file: string) => writeFileSync(file, randomPicture({ width: 9, height: 9 }))],
  ['is gone', (file: string) => rmSync(file)],
])('a file that %s since it was measured is refused before anything is touched', async (_, meddle) => {
  const [first, second] = [measured('first.png'), measured('second.png')];
  meddle(second.file);
  await expect(withEtags([first, second], never)).rejects.toMatchObject({
    code: 'ASSET_INVALID',
    state: 'old',
    what: expect.stringMatching(/^second\.png (changed since it was measured|cannot be read any more)/),
  });
});
