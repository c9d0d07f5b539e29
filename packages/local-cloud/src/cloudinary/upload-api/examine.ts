/** Whether the bytes may be stored: not empty, not too large, and an image where an image is asked for. */
import { ApiError, notEmulated } from '../api-error.ts';
import type { Incoming } from '../asset-store.ts';
import type { Call, Emulation } from '../call.ts';
import { type ImageFacts, normalizeFormat, readImageFacts } from '../image.ts';

/**
 * @returns what the image is; undefined for a file that will be stored as raw
 * @throws ApiError 400 for what Cloudinary would refuse
 */
export async function examine(
  file: Incoming,
  { path, parameters }: Call,
  { settings, assets }: Emulation,
): Promise<ImageFacts | undefined> {
  const { imageMaxBytes, imageMaxPixels } = settings.limits;
  if (file.bytes === 0) throw new ApiError(400, 'Empty file');
  if (file.bytes > imageMaxBytes) {
    throw new ApiError(400, `File size too large. Got ${file.bytes}. Maximum is ${imageMaxBytes}.`);
  }
  const wanted = path[0];
  if (wanted === 'raw') return undefined;
  const facts = readImageFacts(await assets.read(file));
  if (!facts) {
    if (wanted === 'auto') return undefined;
    throw new ApiError(400, 'Invalid image file');
  }
  const pixels = facts.width * facts.height;
  if (pixels > imageMaxPixels) {
    throw new ApiError(400, `Resource has too many pixels: ${pixels}. Maximum is ${imageMaxPixels}`);
  }
  const allowed = parameters.list('allowed_formats').map(normalizeFormat);
  if (allowed.length > 0 && !allowed.includes(facts.format)) {
    throw new ApiError(400, `Image file format ${facts.format} not allowed`);
  }
  const format = parameters.one('format');
  if (format !== undefined && normalizeFormat(format) !== facts.format) {
    throw notEmulated(`conversion from ${facts.format} to ${format}`);
  }
  return facts;
}
