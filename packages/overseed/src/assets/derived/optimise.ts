/** Makes a picture smaller and frees it of its metadata, with `sharp`. */
import type { Optimise } from '../../model/asset-columns.ts';
import { messageOf } from '../../model/error.ts';
import type { MeasuredFile } from '../measure-file.ts';
import type { ImageFormat } from '../sniff.ts';
import { UnusableFile } from '../unusable-file.ts';
import type { DerivedFiles, Made } from './derived-files.ts';
import { loadSharp, type Sharp } from './sharp.ts';

/** Grows when other bytes would be made of the same input. */
const RECIPE = 'optimise-1';

/** Formats of which `sharp` reads all frames. */
const ANIMATED: readonly ImageFormat[] = ['gif', 'webp'];

/**
 * A drawing (SVG) stays as it is. So does a picture that is small enough, has the format, carries no metadata, and of which
 * `sharp` makes nothing smaller.
 * @throws UnusableFile, CONFIG_INVALID
 */
export async function optimise(
  source: MeasuredFile,
  options: Optimise,
  derived: DerivedFiles,
): Promise<MeasuredFile> {
  if (source.format === 'svg') return source;
  if (source.format === 'bmp')
    throw new UnusableFile('is a BMP, which cannot be optimised: sharp does not read it');
  const sharp = await loadSharp('assets.optimise');
  const { maxWidth, maxHeight, format, quality } = options;
  const versions = [sharp.versions.sharp, sharp.versions.vips];
  const recipe = [RECIPE, { maxWidth, maxHeight, format, quality }, versions] as const;
  return derived.derive(recipe, source, (bytes) => render(sharp, bytes, source, options));
}

async function render(
  sharp: Sharp,
  bytes: Buffer,
  source: MeasuredFile,
  options: Optimise,
): Promise<Made | undefined> {
  try {
    return await encode(sharp, bytes, source, options);
  } catch (error) {
    if (error instanceof UnusableFile) throw error;
    throw new UnusableFile(`cannot be optimised: ${messageOf(error)}`);
  }
}

async function encode(
  sharp: Sharp,
  bytes: Buffer,
  source: MeasuredFile,
  { maxWidth = Infinity, maxHeight = Infinity, format, quality }: Optimise,
): Promise<Made | undefined> {
  const image = sharp(bytes, { animated: ANIMATED.includes(source.format) });
  const { pages = 1, orientation = 1, exif, xmp, iptc, comments } = await image.metadata();
  const target = (format === 'jpeg' ? 'jpg' : (format ?? source.format)) as Exclude<
    ImageFormat,
    'bmp' | 'svg'
  >;
  if (pages > 1 && !ANIMATED.includes(target))
    throw new UnusableFile(`is animated, which ${target} cannot be`);
  // Frames have no orientation, and sharp turns single pictures only.
  if (pages === 1) image.rotate();
  const fits = source.width <= maxWidth && source.height <= maxHeight;
  if (!fits) {
    image.resize({
      ...(Number.isFinite(maxWidth) ? { width: maxWidth } : {}),
      ...(Number.isFinite(maxHeight) ? { height: maxHeight } : {}),
      fit: 'inside',
    });
  }
  // Without being asked to keep them, sharp writes no EXIF, XMP, IPTC and no colour profile: colours become sRGB.
  const made = await image

    .toFormat(
      target === 'jpg' ? 'jpeg' : target,
      quality === undefined || target === 'gif' ? {} : { quality },
    )
    .toBuffer();
  const isBare = !exif && !xmp && !iptc && !comments?.length && orientation === 1;
  if (fits && target === source.format && isBare && made.byteLength >= bytes.byteLength) return undefined;
  return { bytes: made, extension: target };
}
