/** Storing one file in a bucket, in one request. */
import type { Asset } from '../../model/asset.ts';
import { StoreError } from '../asset-store.ts';
import { fileNameOf } from '../file-name.ts';
import { provedBytes } from '../proved-bytes.ts';
import { streamedBody } from '../streamed-body.ts';
import { base64Of, differenceOf, head, isProvedBy } from './proof.ts';
import type { BucketClient } from './request.ts';

/** Longest wait for one upload, in ms: 100 MB at 1 MB/s, with room; more for larger files. */
const UPLOAD_MS = 150_000;
const SLOWEST_BYTES_A_MS = 1_000;
/** What one request may carry. More would have to come in parts, whose ETag proves nothing. */
export const MOST_BYTES = 5 * 1024 ** 3;

/** Content never changes under its name, so a copy is good for as long as HTTP allows to say. */
const CACHE_CONTROL = 'public, max-age=31536000, immutable';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  svg: 'image/svg+xml',
};

/** Puts files into the client's bucket. */
export function putInto(client: BucketClient) {
  // Whether the bucket keeps the first of two files with one name. All large services do; one that does not says so.
  let keepsFirst = true;

  /** @throws StoreError */
  return async (asset: Asset, signal: AbortSignal): Promise<'stored' | 'already-there'> => {
    // As it is now: another upload may find out at the same time.
    const isConditional = keepsFirst;
    if (!isConditional && (await head(client, asset, signal))) return provedThere(client, asset, signal);
    const condition: Record<string, string> = isConditional ? { 'if-none-match': '*' } : {};
    const response = await upload(client, asset, condition, signal);
    if (response.status === 412) return provedThere(client, asset, signal);
    if (response.status === 501) {
      if (!isConditional)
        throw new StoreError('the bucket takes no plain uploads (HTTP 501)', { kind: 'permanent' });
      keepsFirst = false;
      throw new StoreError('the bucket does not know If-None-Match', { kind: 'passing', retryAfterMs: 0 });
    }
    if (!isProvedBy(response.headers, asset)) await proveOrRemove(client, asset, signal);
    return 'stored';
  };
}

async function upload(
  client: BucketClient,
  asset: Asset,
  condition: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  const body = streamedBody(provedBytes(asset, signal), asset.sizeBytes, {
    ...condition,
    'content-type': MEDIA_TYPES[asset.format] ?? 'application/octet-stream',
    'cache-control': CACHE_CONTROL,
    'content-md5': base64Of(asset.etag),
    'x-amz-checksum-sha256': base64Of(asset.hash),
  });
  try {
    const response = await client.send(
      {
        method: 'PUT',
        action: 's3:PutObject',
        key: fileNameOf(asset),
        ...body.request,
        sha256: asset.hash,
        timeoutMs: UPLOAD_MS + Math.ceil(asset.sizeBytes / SLOWEST_BYTES_A_MS),
        expected: [412, 501],
      },
      signal,
    );
    await response.body?.cancel();
    return response;
  } catch (error) {
    // Of a request whose body failed, fetch says no more than that.
    throw body.failure() ?? error;
  }
}

/** @throws StoreError when something else is there: nothing is ever replaced */
async function provedThere(
  client: BucketClient,
  asset: Asset,
  signal: AbortSignal,
): Promise<'already-there'> {
  const difference = await differenceOf(client, asset, signal);
  if (difference === undefined) return 'already-there';
  throw new StoreError(
    `other bytes are already stored under its key "${fileNameOf(asset)}": it ${difference}`,
    { kind: 'permanent' },
  );
}

/** What came just now and is not right, no row refers to, and it would stand in the way. @throws StoreError */
async function proveOrRemove(client: BucketClient, asset: Asset, signal: AbortSignal): Promise<void> {
  const difference = await differenceOf(client, asset, signal);
  if (difference === undefined) return;
  const key = fileNameOf(asset);
  await client.send({ method: 'DELETE', action: 's3:DeleteObject', key }, signal);
  throw new StoreError(`was changed on arrival: it ${difference}`, { kind: 'permanent' });
}
