/** What a file is, by its first bytes; its name plays no part. */

/** Formats that stores keep as images and browsers show. */
const IMAGES = ['jpg', 'png', 'gif', 'webp', 'avif', 'tiff', 'bmp', 'svg'] as const;
export type ImageFormat = (typeof IMAGES)[number];

/** What is recognised so that it can be named when it is refused. */
export type FileKind = ImageFormat | 'heic' | 'jxl' | 'ico' | 'psd' | 'pdf' | 'mp4' | 'mov' | 'webm' | 'zip';

/** Bytes that {@link sniff} wants to see: an SVG may begin with a long comment. */
export const SNIFFED_BYTES = 4_096;

const startsWith =
  (...bytes: number[]) =>
  (head: Buffer) =>
    bytes.every((byte, index) => head[index] === byte);
const text = (offset: number, ...words: string[]) => {
  const bytes = words.map((word) => Buffer.from(word, 'latin1'));
  return (head: Buffer) => bytes.some((word) => word.every((byte, index) => head[offset + index] === byte));
};

const SIGNATURES: readonly (readonly [FileKind, (head: Buffer) => boolean])[] = [
  ['jpg', startsWith(0xff, 0xd8, 0xff)],
  ['png', startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
  ['webp', (head) => text(0, 'RIFF')(head) && text(8, 'WEBP')(head)],
  ['gif', text(0, 'GIF87a', 'GIF89a')],
  ['tiff', text(0, 'II*\0', 'MM\0*')],
  // Two letters are few: the size of the header that follows has to be one that exists.
  ['bmp', (head) => text(0, 'BM')(head) && [12, 40, 52, 56, 64, 108, 124].includes(head[14] ?? 0)],
  ['jxl', startsWith(0xff, 0x0a)],
  ['jxl', text(4, 'JXL \r\n\x87\n')],
  ['ico', startsWith(0, 0, 1, 0)],
  ['psd', text(0, '8BPS')],
  ['pdf', text(0, '%PDF-')],
  ['webm', startsWith(0x1a, 0x45, 0xdf, 0xa3)],
  ['zip', text(0, 'PK\x03\x04')],
];

/** @param head the first {@link SNIFFED_BYTES}, or the whole file when it is shorter */
export function sniff(head: Buffer): FileKind | undefined {
  const kind = SIGNATURES.find(([, matches]) => matches(head))?.[0];
  if (kind) return kind;
  if (text(4, 'ftyp')(head)) return kindOfBrands(head);
  return looksLikeSvg(head) ? 'svg' : undefined;
}

export function isImage(kind: FileKind): kind is ImageFormat {
  return (IMAGES as readonly string[]).includes(kind);
}

/** AVIF, HEIC and MP4 share one container; the brands in its first box tell them apart. */
function kindOfBrands(head: Buffer): FileKind {
  const end = Math.min(head.readUInt32BE(0), head.byteLength, 256);
  const brands = [head.toString('latin1', 8, 12)];
  for (let offset = 16; offset + 4 <= end; offset += 4)
    brands.push(head.toString('latin1', offset, offset + 4));
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  if (brands.some((brand) => /^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand))) return 'heic';
  return brands[0] === 'qt  ' ? 'mov' : 'mp4';
}

/** The root element may follow an XML declaration, comments and a document type. */
function looksLikeSvg(head: Buffer): boolean {
  const start = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replace(/^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE(?:[^[>]|\[[^\]]*\])*>)*/i, '');
  return /^<(?:[\w.-]+:)?svg[\s/>]/.test(start);
}

/** Extensions that claim a format; others (`photo.v2`) claim nothing. */
const EXTENSIONS: Readonly<Record<string, FileKind>> = {
  jpg: 'jpg',
  jpeg: 'jpg',
  jpe: 'jpg',
  jfif: 'jpg',
  png: 'png',
  apng: 'png',
  gif: 'gif',
  webp: 'webp',
  avif: 'avif',
  tif: 'tiff',
  tiff: 'tiff',
  bmp: 'bmp',
  svg: 'svg',
  heic: 'heic',
  heif: 'heic',
  jxl: 'jxl',
  ico: 'ico',
  psd: 'psd',
  pdf: 'pdf',
  mp4: 'mp4',
  m4v: 'mp4',
  mov: 'mov',
  webm: 'webm',
  zip: 'zip',
};

/** The format that a file's name claims, if it claims one. */
export function claimedKind(name: string): { extension: string; kind: FileKind } | undefined {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1];
  const kind = extension === undefined ? undefined : EXTENSIONS[extension.toLowerCase()];
  return extension === undefined || kind === undefined ? undefined : { extension, kind };
}
