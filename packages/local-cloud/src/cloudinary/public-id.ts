/** The rules for names. Where Cloudinary's documentation is silent, the stricter reading is taken. */
import { ApiError } from './api-error.ts';

const FORBIDDEN = /[?&#\\%<>+]/;
const REPLACED = /[^\p{L}\p{N}\p{M} _\-./()~!',@]/gu;
const RESERVED = new Set(['images', 'videos']);
const LAST_SEGMENT_MAX = 255;

/**
 * The public ID as it will be stored.
 * @throws ApiError 400 when no asset may have this name
 */
export function toPublicId(sent: string): string {
  const trimmed = sent.replace(/^[\s/]+|[\s/]+$/g, '');
  const refuse = (why: string) => new ApiError(400, `public_id (${sent.slice(0, 300)}) is invalid: ${why}`);
  if (trimmed === '') throw refuse('it is empty');
  if (FORBIDDEN.test(trimmed)) throw refuse('it contains one of ? & # \\ % < > +');
  const segments = trimmed.split('/');
  for (const segment of segments) {
    if (segment === '' || segment === '.' || segment === '..') throw refuse('it has an empty path element');
    if (/^v\d+$/.test(segment)) throw refuse(`the path element ${segment} looks like a version`);
    if (RESERVED.has(segment)) throw refuse(`the path element ${segment} is reserved`);
  }
  if ([...(segments.at(-1) ?? '')].length > LAST_SEGMENT_MAX) {
    throw refuse(`its last path element is longer than ${LAST_SEGMENT_MAX} characters`);
  }
  return trimmed.replace(REPLACED, '_');
}
