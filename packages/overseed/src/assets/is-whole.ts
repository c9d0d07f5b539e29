/**
 * Whether an image ends where its format says that it ends. A download that broke off still has a perfect beginning, and
 * browsers show it half grey. The pixels themselves are not decoded here.
 */
import type { FileBytes } from './file-bytes.ts';
import type { ImageFormat } from './sniff.ts';

export function isWhole(format: ImageFormat, bytes: FileBytes): boolean {
  return CHECKS[format](bytes);
}

const CHECKS: Readonly<Record<ImageFormat, (bytes: FileBytes) => boolean>> = {
  jpg: isWholeJpeg,
  png: isWholePng,
  gif: isWholeGif,
  webp: (bytes) => bytes.sizeBytes >= 12 && bytes.read(4, 4).readUInt32LE() + 8 <= bytes.sizeBytes,
  avif: isWholeBoxFile,
  // Its directory, which says where the pixels are, comes after them in most files; it was read for the size.
  tiff: () => true,
  bmp: isWholeBmp,
  svg: (bytes) => /(?:<\/(?:[\w.-]+:)?svg\s*>|\/>)\s*(?:<!--[\s\S]*?-->\s*)*$/.test(endOf(bytes).toString()),
};

const MARKER_OF_SCAN = 0xda;
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);

/** After the start of the scan, FF D9 occurs nowhere but at the end: the data before it escape every FF. */
function isWholeJpeg(bytes: FileBytes): boolean {
  let offset = 2;
  // A thumbnail in the header is a whole JPEG of its own, so the header is stepped over segment by segment.
  for (;;) {
    const segment = bytes.read(offset, 4);
    if (segment.byteLength < 4 || segment[0] !== 0xff) return false;
    const marker = segment[1] ?? 0;
    if (marker === 0xff) offset += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) offset += 2;
    else if (marker === MARKER_OF_SCAN) return bytes.indexOf(END_OF_IMAGE, offset + 2) !== -1;
    else if (marker === 0xd9) return false;
    else offset += 2 + segment.readUInt16BE(2);
  }
}

function isWholePng(bytes: FileBytes): boolean {
  for (let offset = 8; ; ) {
    const chunk = bytes.read(offset, 8);
    if (chunk.byteLength < 8) return false;
    offset += 12 + chunk.readUInt32BE(0);
    if (chunk.toString('latin1', 4) === 'IEND') return offset <= bytes.sizeBytes;
  }
}

/** The trailer follows the empty block that ends the last frame; some programs add zeros. */
function isWholeGif(bytes: FileBytes): boolean {
  const end = endOf(bytes);
  let last = end.byteLength - 1;
  while (end[last] === 0) last--;
  return end[last] === 0x3b && end[last - 1] === 0;
}

/** ISO base media: boxes one after the other, each with its size; 0 means up to the end. */
function isWholeBoxFile(bytes: FileBytes): boolean {
  let offset = 0;
  while (offset < bytes.sizeBytes) {
    const box = bytes.read(offset, 16);
    if (box.byteLength < 8) return false;
    let size = box.readUInt32BE(0);
    if (size === 0) return true;
    if (size === 1) size = box.byteLength < 16 ? 0 : Number(box.readBigUInt64BE(8));
    if (size < 8) return false;
    offset += size;
  }
  return offset === bytes.sizeBytes;
}

/** The header names the size of the file; some programs leave it 0. */
function isWholeBmp(bytes: FileBytes): boolean {
  return bytes.read(2, 4).readUInt32LE() <= bytes.sizeBytes;
}

const END_BYTES = 4_096;

function endOf(bytes: FileBytes): Buffer {
  return bytes.read(Math.max(0, bytes.sizeBytes - END_BYTES), END_BYTES);
}
