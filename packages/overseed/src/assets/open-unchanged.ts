import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import type { Asset } from '../model/asset.ts';
import { messageOf } from '../model/error.ts';
import { StoreError } from './asset-store.ts';

/**
 * The file of an asset for sending. It is hashed once more, because a name that is made from the content must never lead to
 * other bytes; and from here on the platform refuses to read a file that changes.
 * @throws StoreError when the file changed since it was measured
 */
export async function openUnchanged({ file, hash, incoming }: Asset): Promise<Blob> {
  let blob: Blob;
  const digest = createHash('sha256');
  try {
    blob = await openAsBlob(file);
    for await (const piece of blob.stream()) digest.update(piece);
  } catch (error) {
    throw new StoreError(`cannot be read any more (${messageOf(error)})`, {
      kind: 'permanent',
      cause: error,
    });
  }
  if (digest.digest('hex') !== (incoming?.fileHash ?? hash)) throw changed();
  return blob;
}

/** The file holds other bytes than those that were measured. */
export function changed(): StoreError {
  return new StoreError('changed after it was looked at; run this again', { kind: 'permanent' });
}
