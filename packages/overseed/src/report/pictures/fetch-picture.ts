/** The bytes of a picture in the store, as readers get them: soon, and not too many, or not at all. */
import { messageOf } from '../../model/error.ts';

const TIMEOUT_MS = 3_000;
const MAX_BYTES = 8_000_000;

/** @returns the bytes, or why there are none */
export async function fetchPicture(url: string, signal: AbortSignal): Promise<Buffer | string> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const response = await fetch(url, { signal: soon, redirect: 'error' });
    if (!response.ok) return `not there any more (HTTP ${response.status})`;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BYTES) return 'too large to be shown';
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    return soon.aborted
      ? 'the store did not answer in time'
      : `the store did not answer (${messageOf(error)})`;
  }
}
