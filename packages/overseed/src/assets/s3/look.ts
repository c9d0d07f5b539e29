/** What is in the bucket: certain assets, or all under a prefix. */
import type { ProvableAsset } from '../../model/asset.ts';
import { chunksOf } from '../../util/chunks.ts';
import type { StoredAsset } from '../asset-store.ts';
import { fileNameOf, fromFileName } from '../file-name.ts';
import { head, isEncryptedByKey, md5In } from './proof.ts';
import { type BucketClient, textOf } from './request.ts';
import { blocksIn, textIn } from './xml.ts';

/** S3 lists no more at once. */
const PAGE_SIZE = 1_000;
/** A page of a list is worth as many single questions; when there is much else under the prefix, those are cheaper. */
const PAGE_WORTH = 10;
const ASKED_AT_ONCE = 10;

interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly md5: string | undefined;
  readonly storedAt: Date;
}

export async function* list(
  client: BucketClient,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredAsset[]> {
  for await (const page of pagesUnder(client, prefix === '' ? '' : `${prefix}/`, signal)) {
    yield page.map(({ key, md5, ...rest }) => ({ ...fromFileName(key), etag: md5, ...rest }));
  }
}

/**
 * @param start every key begins with it
 * @param maxKeys of a page
 */
export async function* pagesUnder(
  client: BucketClient,
  start: string,
  signal: AbortSignal,
  maxKeys = PAGE_SIZE,
): AsyncGenerator<readonly ListedObject[]> {
  let cursor: Record<string, string> | undefined = {};
  while (cursor) {
    const query: Record<string, string> = {
      'list-type': '2',
      // Keys may hold what XML cannot.
      'encoding-type': 'url',
      'max-keys': String(maxKeys),
      ...(start === '' ? {} : { prefix: start }),
      ...cursor,
    };
    const xml: string = await client.ask(async () => {
      const response = await client.send({ method: 'GET', action: 's3:ListBucket', query }, signal);
      return textOf(response, signal);
    }, signal);
    yield blocksIn(xml, 'Contents').map(toListedObject);
    const token = textIn(xml, 'NextContinuationToken');
    cursor =
      textIn(xml, 'IsTruncated') === 'true' && token !== undefined
        ? { 'continuation-token': token }
        : undefined;
  }
}

function toListedObject(xml: string): ListedObject {
  return {
    key: decodeURIComponent((textIn(xml, 'Key') ?? '').replaceAll('+', ' ')),
    sizeBytes: Number(textIn(xml, 'Size')),
    md5: md5In(textIn(xml, 'ETag')),
    storedAt: new Date(textIn(xml, 'LastModified') ?? Number.NaN),
  };
}

/** Those of `known` that are not there, or with other bytes. */
export async function findLost<T extends ProvableAsset>(
  client: BucketClient,
  prefix: string,
  known: readonly T[],
  signal: AbortSignal,
): Promise<readonly T[]> {
  signal.throwIfAborted();
  const doubtful = await notListed(client, prefix, known, signal);
  // A list does not tell how an object is encrypted, and so not whether its ETag is a digest: each is asked for.
  const answers = new Map<T, boolean>();
  for (const group of chunksOf(doubtful, ASKED_AT_ONCE)) {
    await Promise.all(group.map(async (asset) => answers.set(asset, await isLost(client, asset, signal))));
  }
  return doubtful.filter((asset) => answers.get(asset));
}

async function isLost(client: BucketClient, asset: ProvableAsset, signal: AbortSignal): Promise<boolean> {
  const headers = await client.ask(() => head(client, asset, signal), signal);
  if (!headers || Number(headers.get('content-length')) !== asset.sizeBytes) return true;
  const md5 = md5In(headers.get('etag'));
  // With the content's hash in the name, the size is enough where the ETag is no digest.
  return md5 !== undefined && md5 !== asset.etag && !isEncryptedByKey(headers);
}

/** Those that a list, as far as it is worth reading, does not show as they should be. */
async function notListed<T extends ProvableAsset>(
  client: BucketClient,
  prefix: string,
  known: readonly T[],
  signal: AbortSignal,
): Promise<readonly T[]> {
  const missing = new Map(known.map((asset) => [fileNameOf(asset), asset]));
  const start = prefix === '' ? '' : `${prefix}/`;
  let pagesLeft = Math.floor(known.length / PAGE_WORTH);
  if (pagesLeft === 0) return known;
  for await (const page of pagesUnder(client, start, signal)) {
    for (const { key, sizeBytes, md5 } of page) {
      const asset = missing.get(key);
      if (asset && sizeBytes === asset.sizeBytes && (md5 === undefined || md5 === asset.etag)) {
        missing.delete(key);
      }
    }
    if (missing.size === 0 || --pagesLeft === 0) break;
  }
  return [...missing.values()];
}
