/** What a file really is, whatever its name says. */
import { imageSize } from 'image-size';

export interface ImageFacts {
  /** As Cloudinary writes it: `jpg`, never `jpeg`. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
}

/** By the format's name in Cloudinary's answers. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  bmp: 'image/bmp',
  gif: 'image/gif',
  heic: 'image/heic',
  ico: 'image/x-icon',
  jp2: 'image/jp2',
  jpg: 'image/jpeg',
  jxl: 'image/jxl',
  png: 'image/png',
  psd: 'image/vnd.adobe.photoshop',
  svg: 'image/svg+xml',
  tif: 'image/tiff',
  webp: 'image/webp',
};

const ALIASES: Readonly<Record<string, string>> = {
  heif: 'heic',
  jpeg: 'jpg',
  jpe: 'jpg',
  'jxl-stream': 'jxl',
  tiff: 'tif',
};

export const normalizeFormat = (name: string) => ALIASES[name.toLowerCase()] ?? name.toLowerCase();

export const isImageFormat = (name: string) => Object.hasOwn(MEDIA_TYPES, normalizeFormat(name));

export const mediaTypeOf = (format: string) =>
  MEDIA_TYPES[normalizeFormat(format)] ?? 'application/octet-stream';

/** Undefined when the bytes are not an image that Cloudinary would take. */
export function readImageFacts(bytes: Uint8Array): ImageFacts | undefined {
  try {
    const { type = '', width, height } = imageSize(bytes);
    const format = normalizeFormat(type);
    return isImageFormat(format) && width > 0 && height > 0 ? { format, width, height } : undefined;
  } catch {
    // image-size throws for anything it cannot read, which is the answer.
    return undefined;
  }
}
