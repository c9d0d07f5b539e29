/** Measures a media file: its hashes while streaming it once, and its size and format from its own header. */
import { createHash } from 'node:crypto';
import { open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { imageSize } from 'image-size';
import { type ContentHash, toContentHash } from '../model/asset.ts';

export interface MeasuredFile {
  readonly file: string;
  readonly hash: ContentHash;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly width: number;
  readonly height: number;
  readonly format: string;
}

/** The file cannot be used; the message completes the sentence "<path> …". */
export class UnusableFile extends Error {}

/** Formats that stores keep as images and browsers show. SVG is left out: it can carry scripts. */
const FORMATS: Record<string, string> = {
  jpg: 'jpg',
  png: 'png',
  gif: 'gif',
  webp: 'webp',
  avif: 'avif',
  tiff: 'tiff',
  bmp: 'bmp',
};

/** Headers of images are found in their first bytes; JPEG may carry thumbnails and profiles before its size. */
const HEADER_BYTES = 512 * 1024;

/**
 * @param relativePath as the row says it; must stay inside `root`
 * @throws UnusableFile
 */
export async function measureFile(root: string, relativePath: string): Promise<MeasuredFile> {
  const file = await resolveInside(root, relativePath);
  const info = await stat(file);
  if (!info.isFile()) throw new UnusableFile('is not a file');
  if (info.size === 0) throw new UnusableFile('is empty');

  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  const header: Buffer[] = [];
  let read = 0;
  await using handle = await open(file, 'r');
  for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    sha256.update(chunk);
    md5.update(chunk);
    if (read < HEADER_BYTES) header.push(chunk);
    read += chunk.byteLength;
  }
  return {
    file,
    hash: toContentHash(sha256.digest('hex')),
    etag: md5.digest('hex'),
    sizeBytes: read,
    ...sniff(Buffer.concat(header)),
  };
}

async function resolveInside(root: string, relativePath: string): Promise<string> {
  if (path.isAbsolute(relativePath))
    throw new UnusableFile('is an absolute path; paths are relative to the asset folder');
  const wanted = path.resolve(root, relativePath);
  let file: string;
  let realRoot: string;
  try {
    [file, realRoot] = await Promise.all([realpath(wanted), realpath(root)]);
  } catch {
    // realpath fails when there is no such file or a folder on the way cannot be read: to the user it is missing.
    throw new UnusableFile(`is missing (looked for ${path.relative(process.cwd(), wanted)})`);
  }
  if (!file.startsWith(realRoot + path.sep)) throw new UnusableFile('leads out of the asset folder');
  return file;
}

function sniff(header: Buffer): { width: number; height: number; format: string } {
  let size: ReturnType<typeof imageSize>;
  try {
    size = imageSize(header);
  } catch {
    // The library throws on whatever it does not recognise.
    throw new UnusableFile('is not an image');
  }
  const format = FORMATS[size.type ?? ''];
  if (!format)
    throw new UnusableFile(
      `is ${size.type ?? 'of an unknown format'}, which is not accepted (${Object.keys(FORMATS).join(', ')} are)`,
    );
  // Orientations 5 to 8 lie on their side; stores report the size as it is shown.
  const turned = (size.orientation ?? 1) >= 5;
  return { width: turned ? size.height : size.width, height: turned ? size.width : size.height, format };
}
