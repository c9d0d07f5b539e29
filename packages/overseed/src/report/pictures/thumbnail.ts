/** A small picture inside the page. It is drawn anew from the pixels: nothing else of a file gets into a report, no script of
 *  a drawing, no place where a photograph was taken. */
import type { Sharp } from '../../assets/derived/sharp.ts';
import type { PictureSide } from '../facts.ts';

/** In pixels: twice what it takes on the page, for dense screens. */
const WIDTH = 280;
const HEIGHT = 210;
const MAX_PIXELS = 100_000_000;
/** Tried in turn, until one is small enough. */
const QUALITIES = [72, 50, 30];
const MAX_BYTES = 9_000;

/** @returns the picture, or why there is none */
export async function thumbnailOf(sharp: Sharp, bytes: Buffer): Promise<PictureSide['thumbnail']> {
  try {
    const small = await sharp(bytes, { limitInputPixels: MAX_PIXELS })
      .rotate()
      .resize({ width: WIDTH, height: HEIGHT, fit: 'inside', withoutEnlargement: true })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = small.info;
    for (const quality of QUALITIES) {
      const encoded = await sharp(small.data).webp({ quality }).toBuffer();
      if (encoded.byteLength <= MAX_BYTES)
        return { uri: `data:image/webp;base64,${encoded.toString('base64')}`, width, height };
    }
    return 'too rich in detail for a small picture';
  } catch {
    return 'no picture that can be shown here';
  }
}
