import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ScratchFolder, scratchFolder } from '../util/scratch-folder.ts';
import { Measurer } from './measurer.ts';
import { UnusableFile } from './unusable-file.ts';

let scratch: ScratchFolder;
const hashes = new Map<string, string>();

beforeAll(async () => {
  scratch = await scratchFolder();
  for (let index = 0; index < 300; index++) {
    const name = `picture-${index}.png`;
    const background = { r: index & 255, g: index >> 8, b: 7 };
    const bytes = await sharp({ create: { width: 3, height: 2, channels: 3, background } })
      .png()
      .toBuffer();
    writeFileSync(path.join(scratch.path, name), index % 10 === 9 ? 'no picture' : bytes);
    hashes.set(name, index % 10 === 9 ? 'is not an image' : createHash('sha256').update(bytes).digest('hex'));
  }
});
afterAll(() => scratch[Symbol.asyncDispose]());

test('each file gets its own answer, however many are asked for at once', async () => {
  using measurer = new Measurer();
  const answers = await Promise.all(
    [...hashes.keys()].map(async (name): Promise<[string, string]> => {
      try {
        return [name, (await measurer.measure(scratch.path, name)).hash];
      } catch (error) {
        expect(error).toBeInstanceOf(UnusableFile);
        return [name, (error as UnusableFile).message];
      }
    }),
  );
  expect(new Map(answers)).toEqual(hashes);
});

test('one after the other as well', async () => {
  using measurer = new Measurer();
  for (const name of ['picture-1.png', 'picture-2.png', 'picture-1.png'])
    expect((await measurer.measure(scratch.path, name)).hash).toBe(hashes.get(name));
});

test('one that is ended answers whoever still waits', async () => {
  const measurer = new Measurer();
  const waiting = [...hashes.keys()].map((name) => measurer.measure(scratch.path, name));
  const told = Promise.allSettled(waiting);
  measurer.end(new Error('stopped by the user'));
  for (const one of await told)
    expect(one).toMatchObject({ status: 'rejected', reason: { message: 'stopped by the user' } });
});

test('threads that nobody ended keep no process alive, also where flags are given to it', async () => {
  const program = `
    const { Measurer } = await import(${JSON.stringify(new URL('measurer.ts', import.meta.url).href)});
    const { hash } = await new Measurer().measure(${JSON.stringify(scratch.path)}, 'picture-1.png');
    console.log(hash);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 30_000,
  });
  expect(stdout.trim()).toBe(hashes.get('picture-1.png'));
});
