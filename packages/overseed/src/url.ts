/**
 * Addresses of Cloudinary pictures in the size, format and quality that a page needs. For sites: this file imports nothing and
 * runs anywhere.
 */

export interface DeliveryOptions {
  /** A larger picture is made smaller, in proportion, until it fits; a smaller one stays. Pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Default `auto`: the best that the browser takes. */
  readonly format?: 'auto' | 'avif' | 'gif' | 'jpg' | 'png' | 'webp';
  /** 1 to 100. Default `auto`. */
  readonly quality?: 'auto' | 'auto:best' | 'auto:eco' | 'auto:good' | 'auto:low' | number;
}

const FORMATS = ['auto', 'avif', 'gif', 'jpg', 'png', 'webp'];
const QUALITIES = ['auto', 'auto:best', 'auto:eco', 'auto:good', 'auto:low'];
const MOST_PIXELS = 20_000;

/** Before and after the place where transformations belong: `…/image/upload/` and `v1/…`. */
const CLOUDINARY = /^(https?:\/\/[^/?#]+\/(?:[^/?#]+\/)?image\/upload\/)([^?#]*)$/;

/**
 * The address of the same picture as the page needs it: `deliveryUrl(url, { width: 800 })` inserts `c_limit,f_auto,q_auto,w_800`.
 * A path of the site itself (`/media/…`, what the folder store writes) comes back as it is, so that one template serves in
 * development too.
 * @param url as Overseed wrote it into the row
 * @throws TypeError for any other address, and for options that make no sense
 */
export function deliveryUrl(url: string, options: DeliveryOptions = {}): string {
  const transformation = transformationOf(options);
  if (/^\/(?!\/)/.test(url)) return url;
  const [, before, after = ''] = CLOUDINARY.exec(url) ?? [];
  if (before === undefined) throw new TypeError(`"${url}" is not the address of a Cloudinary picture`);
  if (!/^v\d+\/./.test(after))
    throw new TypeError(
      `"${url}" has been transformed or signed already; give the address from the database`,
    );
  return `${before}${transformation}/${after}`;
}

function transformationOf({ width, height, format = 'auto', quality = 'auto' }: DeliveryOptions): string {
  if (!FORMATS.includes(format)) throw new TypeError(`format "${format}" is none of ${FORMATS.join(', ')}`);
  const isNumber = typeof quality === 'number';
  if (isNumber ? !isWhole(quality, 100) : !QUALITIES.includes(quality))
    throw new TypeError(`quality ${String(quality)} is neither 1 to 100 nor one of ${QUALITIES.join(', ')}`);
  for (const [name, pixels] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (pixels !== undefined && !isWhole(pixels, MOST_PIXELS))
      throw new TypeError(`${name} ${String(pixels)} is not a whole number from 1 to ${MOST_PIXELS}`);
  }
  return [
    ...(width === undefined && height === undefined ? [] : ['c_limit']),
    `f_${format}`,
    ...(height === undefined ? [] : [`h_${height}`]),
    `q_${quality}`,
    ...(width === undefined ? [] : [`w_${width}`]),
  ].join(',');
}

function isWhole(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}
