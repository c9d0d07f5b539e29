/** Stores of files, unlike Cloudinary, keep an asset under one name: `<public ID>.<format>`. */
import { type AssetName, toPublicId } from '../model/asset.ts';
import { StoreError } from './asset-store.ts';

export function fileNameOf({ publicId, format }: AssetName): string {
  return format === '' ? publicId : `${publicId}.${format}`;
}

/** The end of the asset's URL, escaped. */
export function urlPathOf(asset: AssetName): string {
  return fileNameOf(asset).split('/').map(encodeURIComponent).join('/');
}

/** The inverse of {@link fileNameOf}. A name without an extension has the format ''. */
export function fromFileName(name: string): AssetName {
  const dot = name.lastIndexOf('.');
  const isExtension = dot > name.lastIndexOf('/') + 1 && dot < name.length - 1;
  return isExtension
    ? { publicId: toPublicId(name.slice(0, dot)), format: name.slice(dot + 1) }
    : { publicId: toPublicId(name), format: '' };
}

/** False when a path element is one that a file system, or a URL, takes for a way up or for nothing. */
export function isPlainPath(publicId: string): boolean {
  return publicId.split('/').every((part) => !['', '.', '..'].includes(part)) && !publicId.includes('\0');
}

/** Splits assets into those under `prefix`, which a store may remove, and the others, with the reason why it does not. */
export function underPrefix<T extends AssetName>(
  assets: readonly T[],
  prefix: string,
): { own: readonly T[]; foreign: readonly { asset: T; error: StoreError }[] } {
  const isOwn = ({ publicId }: T) =>
    (prefix === '' || publicId.startsWith(`${prefix}/`)) && isPlainPath(publicId);
  const foreign = assets
    .filter((asset) => !isOwn(asset))
    .map((asset) => ({
      asset,
      error: new StoreError(`its public ID is not one of this store, under "${prefix}/"`, {
        kind: 'permanent',
      }),
    }));
  return { own: assets.filter(isOwn), foreign };
}
