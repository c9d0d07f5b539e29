/** Reads `(s--signature--/)(transformations/)(vN/)public_id(.ext)`. */
import { ApiError } from '../api-error.ts';
import { isImageFormat } from '../image.ts';

export interface DeliveryPath {
  readonly publicId: string;
  /** Whether the URL names a version. Which one makes no difference: only the newest copy is delivered. */
  readonly hasVersion: boolean;
  readonly transformations: readonly string[];
}

/** First letters of Cloudinary's transformation parameters. */
const KEYS = new Set(
  (
    'a ac af ar b bl bo br c co cs d dl dn do dpr du e eo f fl fn fps g h if ki l o p pg q r so sp st t u ' +
    'vc vs w x y z'
  ).split(' '),
);
const LOOKS_LIKE_TRANSFORMATION = /^(\$|[a-z]{1,3}_)/;

/** @throws ApiError 400 for what parses as a transformation and is none */
export function parseDeliveryPath(segments: readonly string[], resourceType: 'image' | 'raw'): DeliveryPath {
  const rest = [...segments];
  if (/^s--[\w-]{8,32}--$/.test(rest[0] ?? '')) rest.shift();
  const transformations: string[] = [];
  while (rest.length > 1 && LOOKS_LIKE_TRANSFORMATION.test(rest[0] ?? '')) {
    transformations.push(toTransformation(rest.shift() ?? ''));
  }
  const hasVersion = rest.length > 1 && /^v\d+$/.test(rest[0] ?? '');
  if (hasVersion) rest.shift();
  const name = rest.join('/');
  return { publicId: resourceType === 'image' ? withoutExtension(name) : name, hasVersion, transformations };
}

function toTransformation(segment: string): string {
  for (const component of segment.split(',')) {
    const key = /^([a-z]+)_/.exec(component)?.[1] ?? '';
    if (!component.startsWith('$') && !KEYS.has(key)) {
      throw new ApiError(400, `Invalid transformation component - ${component}`);
    }
  }
  return segment;
}

function withoutExtension(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > name.lastIndexOf('/') + 1 && isImageFormat(name.slice(dot + 1)) ? name.slice(0, dot) : name;
}
