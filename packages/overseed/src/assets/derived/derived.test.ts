import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AssetDeclaration, Optimise } from '../../model/asset-columns.ts';
import { type ScratchFolder, scratchFolder } from '../../util/scratch-folder.ts';
import { AssetFiles } from '../asset-files.ts';
import type { MeasuredFile } from '../measure-file.ts';
import { Measurer } from '../measurer.ts';
import { UnusableFile } from '../unusable-file.ts';
import { DerivedFiles } from './derived-files.ts';

const never = new AbortController().signal;
let scratch: ScratchFolder;
let cache: string;
beforeEach(async () => {
  scratch = await scratchFolder();
  cache = path.join(scratch.path, 'cache');
});
afterEach(() => scratch[Symbol.asyncDispose]());

/** Prepares a file as a fresh run would. */
async function prepare(name: string, also: Partial<AssetDeclaration>): Promise<MeasuredFile> {
  using files = new AssetFiles(never);
  const declaration = { root: scratch.path, path: 'p', url: 'u', cache, ...also };
  return await files.prepare(declaration, name, true);
}

const optimised = (name: string, optimise: Optimise) => prepare(name, { optimise });

async function placeholder(name: string): Promise<string> {
  using files = new AssetFiles(never);
  const declaration = { root: scratch.path, path: 'p', url: 'u', cache };
  return await files.placeholder(declaration, await files.prepare(declaration, name, true));
}

/** A photograph as a telephone takes it: lying on its side, with a place and a maker. */
async function photograph(name: string, width = 600, height = 400, quality = 80): Promise<void> {
  const gradient = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="g"><stop offset="0" stop-color="#134"/><stop offset="1" stop-color="#fa3"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/></svg>`;
  const exif = {
    IFD0: { Make: 'Telephone' },
    IFD3: {
      GPSLatitudeRef: 'N',
      GPSLatitude: '36/1 44/1 0/1',
      GPSLongitudeRef: 'W',
      GPSLongitude: '3/1 52/1 0/1',
    },
  };
  const bytes = await sharp(Buffer.from(gradient))
    .withExif(exif)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality })
    .toBuffer();
  writeFileSync(path.join(scratch.path, name), bytes);
}

async function animation(name: string, format: 'gif' | 'webp'): Promise<void> {
  const frames = await Promise.all(
    ['red', 'green', 'blue'].map((background) =>
      sharp({ create: { width: 80, height: 60, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const bytes = await sharp(frames, { join: { animated: true } })
    .toFormat(format)
    .toBuffer();
  writeFileSync(path.join(scratch.path, name), bytes);
}

function cached(kind: string): { file: string; changedMs: number }[] {
  const folder = path.join(cache, kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((file) => statSync(file).isFile() && path.basename(file) !== 'swept')
    .map((file) => ({ file, changedMs: statSync(file).mtimeMs }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

describe('an optimised picture', () => {
  test('fits, has the format, stands upright, and tells nothing of place or maker', async () => {
    await photograph('photo.jpg');
    expect((await sharp(path.join(scratch.path, 'photo.jpg')).metadata()).exif?.includes('Telephone')).toBe(
      true,
    );
    const made = await optimised('photo.jpg', { maxWidth: 100, format: 'webp', quality: 60 });
    expect(made).toMatchObject({ format: 'webp', width: 100, height: 150 });
    const { exif, xmp, iptc, icc, orientation } = await sharp(made.file).metadata();
    expect({ exif, xmp, iptc, icc, orientation }).toEqual({});
    expect((await readFile(made.file)).includes('Telephone')).toBe(false);
  });

  test('keeps its format unless told otherwise, and is never made larger', async () => {
    await photograph('photo.jpg');
    expect(await optimised('photo.jpg', { maxWidth: 5_000, maxHeight: 5_000 })).toMatchObject({
      format: 'jpg',
      width: 400,
      height: 600,
    });
    expect(await optimised('photo.jpg', { maxHeight: 60 })).toMatchObject({
      format: 'jpg',
      width: 40,
      height: 60,
    });
  });

  test.each(['avif', 'jpeg', 'png', 'webp'] as const)('becomes %s', async (format) => {
    await photograph('photo.jpg', 60, 40);
    expect(await optimised('photo.jpg', { format })).toMatchObject({
      format: format === 'jpeg' ? 'jpg' : format,
      width: 40,
    });
  });

  test('that is good already stays as it is, byte by byte', async () => {
    await photograph('photo.jpg');
    const made = await optimised('photo.jpg', { maxWidth: 100, quality: 40 });
    writeFileSync(path.join(scratch.path, 'small.jpg'), await readFile(made.file));
    const again = await optimised('small.jpg', { maxWidth: 100 });
    expect(again.file).toBe(path.join(scratch.path, 'small.jpg'));
    expect(again.hash).toBe(made.hash);
    // That it is good is known from then on.
    const before = cached('optimised');
    expect(await optimised('small.jpg', { maxWidth: 100 })).toEqual(again);
    expect(cached('optimised')).toEqual(before);
  });

  test('loses what it tells of place and maker even where that makes it larger', async () => {
    await photograph('photo.jpg', 600, 400, 10);
    const made = await optimised('photo.jpg', { quality: 100 });
    expect(made.sizeBytes).toBeGreaterThan(statSync(path.join(scratch.path, 'photo.jpg')).size);
    expect((await sharp(made.file).metadata()).exif).toBeUndefined();
  });

  test('that is animated stays animated, or is refused where that cannot be', async () => {
    for (const format of ['gif', 'webp'] as const) {
      await animation(`film.${format}`, format);
      const made = await optimised(`film.${format}`, { maxWidth: 40, format: 'webp' });
      expect(made).toMatchObject({ width: 40, height: 30 });
      expect((await sharp(made.file).metadata()).pages).toBe(3);
      await expect(optimised(`film.${format}`, { format: 'jpeg' })).rejects.toThrow(
        'is animated, which jpg cannot be',
      );
    }
  });

  test('whose pixels are damaged is refused, although its ends are in place', async () => {
    await photograph('photo.jpg');
    const bytes = await readFile(path.join(scratch.path, 'photo.jpg'));
    const hollow = Buffer.concat([bytes.subarray(0, bytes.byteLength - 1_500), Buffer.from([0xff, 0xd9])]);
    writeFileSync(path.join(scratch.path, 'hollow.jpg'), hollow);
    await expect(optimised('hollow.jpg', { maxWidth: 100 })).rejects.toThrow(UnusableFile);
    await expect(optimised('hollow.jpg', { maxWidth: 100 })).rejects.toThrow('cannot be optimised');
  });

  test('is made once: the second time finds it, and another size, quality or source does not', async () => {
    await photograph('photo.jpg');
    const first = await optimised('photo.jpg', { maxWidth: 100 });
    const before = cached('optimised');
    expect(before.map(({ file }) => path.extname(file)).sort()).toEqual(['.jpg', '.json']);
    expect(await optimised('photo.jpg', { maxWidth: 100 })).toEqual(first);
    expect(cached('optimised')).toEqual(before);
    expect((await optimised('photo.jpg', { maxWidth: 99 })).hash).not.toBe(first.hash);
    expect((await optimised('photo.jpg', { maxWidth: 100, quality: 30 })).hash).not.toBe(first.hash);
    await photograph('photo.jpg', 500, 400);
    expect((await optimised('photo.jpg', { maxWidth: 100 })).hash).not.toBe(first.hash);
  });

  test('that was damaged in the cache is made again', async () => {
    await photograph('photo.jpg');
    const first = await optimised('photo.jpg', { maxWidth: 100 });
    const bytes = await readFile(first.file);
    bytes[bytes.byteLength - 40] = (bytes[bytes.byteLength - 40] ?? 0) ^ 0x55;
    await writeFile(first.file, bytes);
    expect(await optimised('photo.jpg', { maxWidth: 100 })).toEqual(first);
    expect(await readFile(first.file)).not.toEqual(bytes);
  });

  test('is made once, however many equal files ask for it at the same time', async () => {
    await photograph('photo.jpg');
    using measurer = new Measurer();
    const source = await measurer.measure(scratch.path, 'photo.jpg');
    const derived = new DerivedFiles(cache, measurer);
    let made = 0;
    const make = async (bytes: Buffer) => {
      made++;
      return { bytes, extension: 'jpg' };
    };
    const results = await Promise.all(
      Array.from({ length: 8 }, () => derived.derive(['test'], source, make)),
    );
    expect(made).toBe(1);
    expect(new Set(results.map(({ file }) => file)).size).toBe(1);
    await derived.derive(['test', 'otherwise'], source, make);
    expect(made).toBe(2);
  });
});

describe('a placeholder', () => {
  test('tells the colours and the shape of the picture, and is made once', async () => {
    await photograph('photo.jpg');
    const hash = await placeholder('photo.jpg');
    expect(hash).toMatch(/^[A-Za-z0-9+/]{20,40}={0,2}$/);
    const bytes = Buffer.from(hash, 'base64');
    // It stands upright: 400 wide, 600 high.
    expect(thumbHashToApproximateAspectRatio(bytes)).toBeLessThan(0.8);
    expect(thumbHashToAverageRGBA(bytes).a).toBe(1);
    const before = cached('placeholders');
    expect(await placeholder('photo.jpg')).toBe(hash);
    expect(cached('placeholders')).toEqual(before);
    expect(before).toHaveLength(1);
  });

  test('differs for another picture', async () => {
    await photograph('photo.jpg');
    writeFileSync(
      path.join(scratch.path, 'red.png'),
      await sharp({ create: { width: 9, height: 9, channels: 4, background: '#f008' } })
        .png()
        .toBuffer(),
    );
    const red = Buffer.from(await placeholder('red.png'), 'base64');
    expect(thumbHashToAverageRGBA(red).r).toBeGreaterThan(0.9);
    expect(thumbHashToAverageRGBA(red).a).toBeCloseTo(0.53, 1);
  });
});

describe('a drawing (SVG)', () => {
  const drawing =
    '<svg xmlns="http://www.w3.org/2000/svg" width="6" height="4" onload="alert(1)"><path d="M0 0h9"/></svg>';
  beforeEach(() => writeFileSync(path.join(scratch.path, 'logo.svg'), drawing));

  test('is refused unless something else is said', async () => {
    await expect(prepare('logo.svg', {})).rejects.toThrow('is an SVG, which can carry scripts');
    await expect(prepare('logo.svg', { svg: 'refuse' })).rejects.toThrow(
      'is an SVG, which can carry scripts',
    );
  });

  test('is sanitised once, into a file of its own', async () => {
    const made = await prepare('logo.svg', { svg: 'sanitize' });
    expect(await readFile(made.file, 'utf8')).not.toContain('alert');
    expect(made).toMatchObject({ format: 'svg', width: 6, height: 4 });
    expect(made.file.startsWith(path.join(cache, 'sanitised'))).toBe(true);
    const before = cached('sanitised');
    expect(await prepare('logo.svg', { svg: 'sanitize' })).toEqual(made);
    expect(cached('sanitised')).toEqual(before);
    expect(await readFile(path.join(scratch.path, 'logo.svg'), 'utf8')).toBe(drawing);
  });

  test('is taken as it is where that was said; optimising leaves it alone', async () => {
    const taken = await prepare('logo.svg', { svg: 'allow', optimise: { maxWidth: 2, format: 'webp' } });
    expect(taken.file).toBe(path.join(scratch.path, 'logo.svg'));
  });

  test('that is not well-formed is refused where it would be sanitised', async () => {
    writeFileSync(
      path.join(scratch.path, 'logo.svg'),
      '<svg xmlns="http://www.w3.org/2000/svg" width="6" height="4"><g></svg>',
    );
    await expect(prepare('logo.svg', { svg: 'sanitize' })).rejects.toThrow('is not well-formed');
  });
});

test('without the package sharp, one clear message says who needs it and how to get it', async () => {
  await photograph('photo.jpg');
  // A process of its own, in which Node finds no such package.
  const program = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      if (name === 'sharp') throw Object.assign(new Error("Cannot find package 'sharp'"), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    } });
    const { AssetFiles } = await import(${JSON.stringify(new URL('../asset-files.ts', import.meta.url).href)});
    using files = new AssetFiles(new AbortController().signal);
    const declaration = ${JSON.stringify({ root: scratch.path, path: 'p', url: 'u', cache })};
    const tell = (error) => console.log(JSON.stringify([error.code, error.what, error.next]));
    const plain = await files.prepare(declaration, 'photo.jpg', true);
    await files.prepare({ ...declaration, optimise: {} }, 'photo.jpg', true).catch(tell);
    await files.placeholder(declaration, plain).catch(tell);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  const install = 'Install it beside overseed (`npm install --save-dev sharp`), or leave out';
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    [
      'CONFIG_INVALID',
      'assets.optimise needs the package sharp, which is not installed.',
      `${install} assets.optimise.`,
    ],
    [
      'CONFIG_INVALID',
      'a placeholder column needs the package sharp, which is not installed.',
      `${install} a placeholder column.`,
    ],
  ]);
});
