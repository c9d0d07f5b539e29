/** The bytes of an asset's file, on their way into a store. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { MeasuredAsset } from '../model/asset.ts';
import { messageOf } from '../model/error.ts';
import { StoreError } from './asset-store.ts';

/**
 * Streams the file. The last chunk is handed out only when all of them together are what was measured: a file that has
 * changed since then never arrives whole anywhere.
 * @throws StoreError, permanent, when the file cannot be read or has changed; the signal's reason after an abort
 */
export async function* provedBytes(asset: MeasuredAsset, signal: AbortSignal): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  const sha256 = createHash('sha256');
  let bytes = 0;
  let held: Buffer | undefined;
  try {
    for await (const chunk of createReadStream(asset.file, { signal }) as AsyncIterable<Buffer>) {
      if (held) yield held;
      held = chunk;
      sha256.update(chunk);
      bytes += chunk.byteLength;
      if (bytes > fileBytesOf(asset)) break;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new StoreError(`cannot be read any more (${messageOf(error)})`, {
      kind: 'permanent',
      cause: error,
    });
  }
  if (bytes !== fileBytesOf(asset) || sha256.digest('hex') !== (asset.incoming?.fileHash ?? asset.hash)) {
    throw new StoreError('changed since it was measured', { kind: 'permanent' });
  }
  if (held) yield held;
}

/** How many bytes are sent: those of the file, also where the store makes something else of them. */
export function fileBytesOf({ sizeBytes, incoming }: MeasuredAsset): number {
  return incoming?.fileBytes ?? sizeBytes;
}
