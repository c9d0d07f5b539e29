import type { Transformation } from '../../model/asset.ts';
import type { Optimise } from '../../model/asset-columns.ts';

/**
 * What Cloudinary is told to make of a picture before it stores it; the file itself is not kept. The same options always give
 * the same words, since the public ID is made from them too.
 */
export function incomingTransformation({ maxWidth, maxHeight, format, quality }: Optimise): Transformation {
  const parts = [
    ...(maxWidth === undefined && maxHeight === undefined ? [] : ['c_limit']),
    // EXIF, IPTC and XMP go, GPS among them.
    'fl_force_strip',
    ...(maxHeight === undefined ? [] : [`h_${maxHeight}`]),
    `q_${quality ?? 'auto'}`,
    ...(maxWidth === undefined ? [] : [`w_${maxWidth}`]),
  ];
  return {
    transformation: parts.join(','),
    ...(format === undefined ? {} : { format: format === 'jpeg' ? 'jpg' : format }),
  };
}
