/** A blurred picture in some thirty characters: a ThumbHash, for sites to show until the file is there. */
import { createHash } from 'node:crypto';
import { rgbaToThumbHash } from 'thumbhash';
import { messageOf } from '../../model/error.ts';
import type { MeasuredFile } from '../measure-file.ts';
import { readMeasured } from '../read-measured.ts';
import { UnusableFile } from '../unusable-file.ts';
import type { FileCache } from './file-cache.ts';
import { loadSharp } from './sharp.ts';

/**
 * Grows when other characters would come of the same file. The version of `sharp` plays no part: a new one may round a colour
 * differently, and no row should change for that.
 */
const RECIPE = 'thumbhash-1';
/** The most that a ThumbHash takes in, in pixels. */
const SIDE = 100;

export interface PlaceholderFacts {
  readonly placeholder: string;
}

/**
 * Base64; kept by the hash of the file, so that it is made once.
 * @throws UnusableFile, CONFIG_INVALID
 */
export async function placeholderOf(
  source: MeasuredFile,
  cache: FileCache<PlaceholderFacts>,
): Promise<string> {
  const key = createHash('sha256').update(`${RECIPE} ${source.hash}`).digest('hex');
  const kept = (await cache.read(key))?.facts.placeholder;
  if (kept !== undefined) return kept;
  const sharp = await loadSharp('a placeholder column');
  try {
    const image = sharp(await readMeasured(source)).rotate();
    const { data, info } = await image
      .resize({ width: SIDE, height: SIDE, fit: 'inside' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const placeholder = Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64');
    await cache.write(key, async () => ({ facts: { placeholder } }));
    return placeholder;
  } catch (error) {
    if (error instanceof UnusableFile) throw error;
    throw new UnusableFile(`gets no placeholder: ${messageOf(error)}`);
  }
}
