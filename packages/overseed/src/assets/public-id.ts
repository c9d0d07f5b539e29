import { type ContentHash, type PublicId, toPublicId } from '../model/asset.ts';

/** Enough of the hash to be unique among any number of files that one project will ever have (80 bits). */
export const HASH_DIGITS = 20;
/** The end of a path tells more than its beginning. */
const STEM_LENGTH = 80;

/**
 * `<prefix>/<readable stem>-<hash>`: the same bytes have the same ID, other bytes another, so nothing live is ever
 * overwritten. Only `a-z`, `0-9` and `-` are used, which every store keeps unchanged.
 * @param path relative, or a web address
 */
export function publicIdOf(prefix: string, path: string, hash: ContentHash): PublicId {
  const stem = path
    .replace(/^[a-z]+:\/\/[^/]*\//i, '')
    .replace(/\.[^./\\]*$/, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(-STEM_LENGTH)
    .replace(/^-+|-+$/g, '');
  const name = `${stem || 'asset'}-${hash.slice(0, HASH_DIGITS)}`;
  return toPublicId(prefix ? `${prefix}/${name}` : name);
}
