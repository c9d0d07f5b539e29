import { createHash } from 'node:crypto';
import type { AssetName } from '../../model/asset.ts';
import { type Removal, StoreError } from '../asset-store.ts';
import { fileNameOf, underPrefix } from '../file-name.ts';
import { type BucketClient, textOf } from './request.ts';
import { blocksIn, escapeXml, textIn } from './xml.ts';

/** S3 deletes no more at once. */
export const REMOVES_AT_ONCE = 1_000;

/** @throws StoreError when the request as a whole failed */
export async function remove<T extends AssetName>(
  client: BucketClient,
  prefix: string,
  assets: readonly T[],
  signal: AbortSignal,
): Promise<Removal<T>> {
  signal.throwIfAborted();
  const { own, foreign } = underPrefix(assets, prefix);
  if (own.length === 0) return { gone: [], absent: undefined, failed: foreign };
  const refused = await deleteObjects(client, own.map(fileNameOf), signal);
  const failed = own.flatMap((asset) => {
    const error = refused.get(fileNameOf(asset));
    return error ? [{ asset, error }] : [];
  });
  const [first] = failed;
  // Nobody else would notice that the key may not delete anything at all.
  if (first && failed.length === own.length && first.error.kind === 'credentials') throw first.error;
  return {
    gone: own.filter((asset) => !refused.has(fileNameOf(asset))),
    // S3 reports an object as deleted that was never there.
    absent: undefined,
    failed: [...foreign, ...failed],
  };
}

/** @returns the keys that were not deleted, with the reason */
async function deleteObjects(
  client: BucketClient,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, StoreError>> {
  const objects = keys.map((key) => `<Object><Key>${escapeXml(key)}</Key></Object>`).join('');
  const body = `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${objects}</Delete>`;
  const response = await client.send(
    {
      method: 'POST',
      action: 's3:DeleteObject',
      query: { delete: '' },
      body,
      headers: {
        'content-type': 'application/xml',
        'content-md5': createHash('md5').update(body).digest('base64'),
      },
      sha256: createHash('sha256').update(body).digest('hex'),
    },
    signal,
  );
  const xml = await textOf(response, signal);
  const deleted = new Set(blocksIn(xml, 'Deleted').map((block) => textIn(block, 'Key')));
  const errors = new Map(blocksIn(xml, 'Error').map((block) => [textIn(block, 'Key'), toError(block)]));
  const unknown = new StoreError('the bucket does not say what became of it', { kind: 'passing' });
  return new Map(keys.filter((key) => !deleted.has(key)).map((key) => [key, errors.get(key) ?? unknown]));
}

function toError(xml: string): StoreError {
  const code = textIn(xml, 'Code') ?? 'no reason given';
  if (code === 'AccessDenied') {
    return new StoreError('the credentials do not permit s3:DeleteObject (AccessDenied)', {
      kind: 'credentials',
    });
  }
  const passing = code === 'InternalError' || code === 'SlowDown' || code === 'ServiceUnavailable';
  return new StoreError(`${textIn(xml, 'Message') ?? ''} (${code})`.trim(), {
    kind: passing ? 'passing' : 'permanent',
    throttled: code === 'SlowDown',
  });
}
