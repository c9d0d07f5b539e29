/** Small pictures of what rows refer to, before and after. */
import { readFile, stat } from 'node:fs/promises';
import type { AssetStore } from '../../assets/asset-store.ts';
import { loadSharp, type Sharp } from '../../assets/derived/sharp.ts';
import type { PictureChange, PictureSide, Pictures } from '../facts.ts';
import type { Redact } from '../redact.ts';
import { shorten, visible } from '../values/visible.ts';
import type { FoundPictures } from './find-pictures.ts';
import type { PicturePlace, Places } from './locate-pictures.ts';
import { storedPicture } from './stored-picture.ts';
import { thumbnailOf } from './thumbnail.ts';

const AT_ONCE = 6;
/** For all of them together; a report is not worth more. */
const TOTAL_MS = 20_000;
const MAX_FILE_BYTES = 50_000_000;
const MAX_URL = 1_000;

const NO_SHARP = 'install the package sharp to see pictures here';
const NO_TIME = 'left out, so that the report is there soon';

/** @param signal when it is aborted, what is missing is left out */
export async function collectPictures(
  { found, total, isTotalKnown }: FoundPictures,
  { places, store }: { readonly places: Places; readonly store: AssetStore },
  redact: Redact,
  signal: AbortSignal,
): Promise<Pictures> {
  if (found.length === 0) return { items: [], total, isTotalKnown };
  const sharp = await loadSharp('a picture of a report').catch(() => undefined); // It is optional, and the page says so.
  const soon = AbortSignal.any([signal, AbortSignal.timeout(TOTAL_MS)]);
  const urls = [...new Set(found.flatMap(({ before, after }) => [before, after]))].filter(
    (url) => url !== undefined,
  );
  const thumbnails = new Map<string, PictureSide['thumbnail']>();
  const queue = urls.values();
  async function work(): Promise<void> {
    for (const url of queue)
      thumbnails.set(url, sharp ? await drawn(sharp, places.get(url), store, soon) : NO_SHARP);
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const side = (url: string | undefined): PictureSide | undefined =>
    url === undefined
      ? undefined
      : {
          url: shorten(visible(redact(url)), MAX_URL),
          thumbnail: thumbnails.get(url) ?? NO_TIME,
        };
  const items = found.map(
    ({ before, after, ...where }): PictureChange => ({ ...where, before: side(before), after: side(after) }),
  );
  return { items, total, isTotalKnown };
}

async function drawn(
  sharp: Sharp,
  place: PicturePlace | undefined,
  store: AssetStore,
  signal: AbortSignal,
): Promise<PictureSide['thumbnail']> {
  if (signal.aborted) return NO_TIME;
  if (place === undefined || place.kind === 'unknown') return 'not one of the files that the target knows';
  const bytes =
    place.kind === 'file' ? await readPicture(place.file) : await storedPicture(place.asset, store, signal);
  return typeof bytes === 'string' ? bytes : thumbnailOf(sharp, bytes);
}

async function readPicture(file: string): Promise<Buffer | string> {
  try {
    const { size } = await stat(file);
    return size > MAX_FILE_BYTES ? 'too large to be shown' : await readFile(file);
  } catch {
    return 'the file is not there any more'; // Whatever the reason: a report can do without it.
  }
}
