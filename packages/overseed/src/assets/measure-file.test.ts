import { createHash } from 'node:crypto';
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScratchFolder, scratchFolder } from '../util/scratch-folder.ts';
import { measureFile } from './measure-file.ts';
import { UnusableFile } from './unusable-file.ts';

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await scratchFolder();
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** Noise, so that no format makes it tiny. */
function noise(width: number, height: number) {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * i * 31 + i * 7) >> 3;
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

function bmp(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(54 + width * height * 4, 0x7f);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.byteLength, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(32, 28);
  return bytes;
}

const SVG =
  '<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40"><path d="M0 0h9v9z"/></svg>\n';

const pictures: readonly { format: string; extension: string; make(): Promise<Buffer> }[] = [
  { format: 'jpg', extension: 'jpeg', make: () => noise(60, 40).jpeg().toBuffer() },
  {
    format: 'jpg',
    extension: 'jpg',
    make: () => noise(60, 40).jpeg({ progressive: true, quality: 95 }).toBuffer(),
  },
  { format: 'png', extension: 'PNG', make: () => noise(60, 40).png().toBuffer() },
  { format: 'gif', extension: 'gif', make: () => noise(60, 40).gif().toBuffer() },
  { format: 'webp', extension: 'webp', make: () => noise(60, 40).webp().toBuffer() },
  { format: 'webp', extension: 'webp', make: () => noise(60, 40).webp({ lossless: true }).toBuffer() },
  { format: 'avif', extension: 'avif', make: () => noise(60, 40).avif({ effort: 0 }).toBuffer() },
  { format: 'tiff', extension: 'tif', make: () => noise(60, 40).tiff().toBuffer() },
  { format: 'bmp', extension: 'bmp', make: async () => bmp(60, 40) },
  { format: 'svg', extension: 'svg', make: async () => Buffer.from(SVG) },
];

describe('a picture is measured by what it is', () => {
  test.each(pictures)('$format ($extension)', async ({ format, extension, make }) => {
    const bytes = await make();
    const name = `picture.${extension}`;
    writeFileSync(path.join(scratch.path, name), bytes);
    expect(measureFile(scratch.path, name)).toEqual({
      file: path.join(scratch.path, name),
      hash: createHash('sha256').update(bytes).digest('hex'),
      sizeBytes: bytes.byteLength,
      width: 60,
      height: 40,
      format,
    });
  });

  test('one that lies on its side, as it is shown', async () => {
    writeFileSync(
      path.join(scratch.path, 'turned.jpg'),
      await noise(60, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    );
    expect(measureFile(scratch.path, 'turned.jpg')).toMatchObject({ width: 40, height: 60 });
  });

  test('one that is larger than what is read in one go', async () => {
    for (const [name, make] of [
      ['large.jpg', () => noise(1500, 1000).jpeg({ quality: 100 }).toBuffer()],
      ['large.png', () => noise(900, 600).png({ compressionLevel: 0 }).toBuffer()],
      ['large.tiff', () => noise(900, 600).tiff({ compression: 'none' }).toBuffer()],
    ] as const) {
      const bytes = await make();
      expect(bytes.byteLength).toBeGreaterThan(1 << 20);
      writeFileSync(path.join(scratch.path, name), bytes);
      const measured = measureFile(scratch.path, name);
      expect(measured.hash).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(measured.width * 2).toBe(measured.height * 3);
      truncateSync(path.join(scratch.path, name), bytes.byteLength - 2);
      if (name !== 'large.tiff') expect(() => measureFile(scratch.path, name)).toThrow('is cut off');
    }
  });

  test('bytes behind its end do no harm', async () => {
    for (const [name, make] of [
      ['trailing.jpg', () => noise(60, 40).jpeg().toBuffer()],
      ['trailing.png', () => noise(60, 40).png().toBuffer()],
      ['trailing.webp', () => noise(60, 40).webp().toBuffer()],
    ] as const) {
      writeFileSync(path.join(scratch.path, name), await make());
      appendFileSync(path.join(scratch.path, name), Buffer.alloc(100_000));
      expect(measureFile(scratch.path, name)).toMatchObject({ width: 60, height: 40 });
    }
  });
});

describe('a picture without its end is cut off', () => {
  test.each(pictures.filter(({ format }) => format !== 'tiff'))(
    '$format ($extension)',
    async ({ extension, make }) => {
      const bytes = await make();
      const name = `cut.${extension}`;
      for (const part of [0.999, 0.9, 0.5]) {
        const length = Math.min(bytes.byteLength - 2, Math.floor(bytes.byteLength * part));
        writeFileSync(path.join(scratch.path, name), bytes.subarray(0, length));
        expect(() => measureFile(scratch.path, name), `${length} of ${bytes.byteLength}`).toThrow(
          UnusableFile,
        );
        expect(() => measureFile(scratch.path, name)).toThrow(/^is (?:cut off|damaged|not an image)/);
      }
    },
  );

  test('a JPEG whose thumbnail is whole', async () => {
    const thumbnail = await noise(8, 8).jpeg().toBuffer();
    const whole = await noise(60, 40).jpeg().toBuffer();
    const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, 0]), thumbnail]);
    segment.writeUInt16BE(thumbnail.byteLength + 2, 2);
    const bytes = Buffer.concat([whole.subarray(0, 2), segment, whole.subarray(2)]);
    const name = 'thumbnail.jpg';
    writeFileSync(path.join(scratch.path, name), bytes);
    expect(measureFile(scratch.path, name)).toMatchObject({ width: 60, height: 40 });
    writeFileSync(path.join(scratch.path, name), bytes.subarray(0, bytes.byteLength - 10));
    expect(() => measureFile(scratch.path, name)).toThrow('is cut off: a JPEG without its end');
  });

  test('a GIF that happens to break off behind the byte of a trailer', async () => {
    const bytes = await noise(60, 40).gif().toBuffer();
    const cut = Buffer.concat([bytes.subarray(0, bytes.byteLength - 20), Buffer.from([0x3b])]);
    writeFileSync(path.join(scratch.path, 'cut.gif'), cut);
    expect(() => measureFile(scratch.path, 'cut.gif')).toThrow('is cut off: a GIF without its end');
  });

  test('a TIFF whose directory is gone', async () => {
    const bytes = await noise(60, 40).tiff().toBuffer();
    writeFileSync(path.join(scratch.path, 'cut.tif'), bytes.subarray(0, bytes.readUInt32LE(4)));
    expect(() => measureFile(scratch.path, 'cut.tif')).toThrow('is damaged');
  });
});

describe('what is not accepted is named', () => {
  const files: readonly [name: string, content: string | Buffer, message: string][] = [
    ['empty.png', '', 'is empty'],
    ['text.png', 'Lo siento, no soy una foto.', 'is not an image'],
    ['one-byte.png', 'x', 'is not an image'],
    ['page.svg', '<!doctype html><html><svg/></html>', 'is not an image'],
    ['document.pdf', '%PDF-1.7\n', 'is a PDF, which is not accepted; JPEG, PNG'],
    [
      'film.mp4',
      Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1'),
      'is an MP4 video, which is not',
    ],
    ['phone.heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), 'is a HEIC, which is not'],
    ['film.webm', Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0]), 'is a WebM video, which is not'],
    ['archive.zip', 'PK\x03\x04....', 'is a ZIP, which is not'],
    ['bare.svg', '<svg xmlns="http://www.w3.org/2000/svg"></svg>', 'has no size: its root needs'],
    ['hollow.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'is cut off: a PNG without its end'],
  ];
  test.each(files)('%s', (name, content, message) => {
    writeFileSync(path.join(scratch.path, name), content);
    expect(() => measureFile(scratch.path, name)).toThrow(UnusableFile);
    expect(() => measureFile(scratch.path, name)).toThrow(message);
  });

  test('a name that claims another format', async () => {
    const png = await noise(6, 4).png().toBuffer();
    for (const [name, message] of [
      ['photo.jpg', 'is a PNG inside, although its name ends in .jpg'],
      ['photo.JPEG', 'is a PNG inside, although its name ends in .JPEG'],
      ['photo.pdf', 'is a PNG inside, although its name ends in .pdf'],
    ] as const) {
      writeFileSync(path.join(scratch.path, name), png);
      expect(() => measureFile(scratch.path, name)).toThrow(message);
    }
    // These claim nothing.
    for (const name of ['photo', 'photo.v2', 'photo.2024', '.photo']) {
      writeFileSync(path.join(scratch.path, name), png);
      expect(measureFile(scratch.path, name)).toMatchObject({ format: 'png', width: 6 });
    }
  });
});
