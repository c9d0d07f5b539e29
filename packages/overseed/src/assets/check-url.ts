/** Does a URL answer with the bytes of an asset? */
import { createHash } from 'node:crypto';
import type { ProvableAsset } from '../model/asset.ts';
import { messageOf } from '../model/error.ts';
import type { CheckDepth } from './asset-store.ts';

const HEADERS_MS = 30_000;
/** 100 MB at 1 MB/s, with room. */
const BYTES_MS = 150_000;

/**
 * Undefined when it does; else what is wrong, in words. The response's ETag is not looked at: for some stores and CDNs it is
 * no MD5.
 * @param reasonIn what a failed response says of its reason, if anything
 */
export async function checkUrl(
  url: string,
  asset: ProvableAsset,
  { depth, reasonIn = () => null }: { depth: CheckDepth; reasonIn?: (response: Response) => string | null },
  signal: AbortSignal,
): Promise<string | undefined> {
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(depth === 'headers' ? HEADERS_MS : BYTES_MS);
  try {
    const response = await fetch(url, {
      method: depth === 'headers' ? 'HEAD' : 'GET',
      headers: { 'accept-encoding': 'identity' },
      signal: AbortSignal.any([signal, timeout]),
    });
    if (!response.ok) return reasonIn(response) ?? `HTTP ${response.status}`;
    const length = response.headers.get('content-length');
    if (depth === 'bytes') return await compareBody(response, asset);
    // A server that does not tell the length has proved nothing.
    if (length === null) return await checkUrl(url, asset, { depth: 'bytes', reasonIn }, signal);
    return compareSize(Number(length), asset);
  } catch (error) {
    signal.throwIfAborted();
    return `no answer (${messageOf(error)})`;
  }
}

async function compareBody(response: Response, asset: ProvableAsset): Promise<string | undefined> {
  const md5 = createHash('md5');
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    md5.update(chunk);
    bytes += chunk.byteLength;
  }
  return compareSize(bytes, asset) ?? compareDigest(md5.digest('hex'), asset);
}

export function compareSize(bytes: number, { sizeBytes }: ProvableAsset): string | undefined {
  return bytes === sizeBytes ? undefined : `has ${bytes} bytes instead of ${sizeBytes}`;
}

export function compareDigest(md5: string, { etag }: ProvableAsset): string | undefined {
  return md5 === etag ? undefined : `has other bytes (MD5 ${md5} instead of ${etag})`;
}
