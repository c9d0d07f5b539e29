/** The bytes of a picture in the store: soon, and not too many, or not at all. */
import type { AssetStore } from '../../assets/asset-store.ts';
import type { AssetName } from '../../model/asset.ts';
import { messageOf } from '../../model/error.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 8_000_000;

/** @returns the bytes, or why there are none */
export async function storedPicture(
  asset: AssetName,
  store: Pick<AssetStore, 'read' | 'urlOf'>,
  signal: AbortSignal,
): Promise<Buffer | string> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of store.read?.(asset, soon) ?? fetched(store.urlOf(asset), soon)) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BYTES) return 'too large to be shown';
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    return soon.aborted ? 'the store did not answer in time' : `not to be had (${messageOf(error)})`;
  }
}

/** As readers get them, and from nowhere else: a redirect is not followed. */
async function* fetched(url: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const response = await fetch(url, { signal, redirect: 'error' });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  yield* response.body ?? [];
}
