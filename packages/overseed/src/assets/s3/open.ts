/** A bucket that speaks S3 as an asset store: Amazon's, Cloudflare R2, MinIO and others. */
import type { Asset } from '../../model/asset.ts';
import { OverseedError } from '../../model/error.ts';
import type { S3Bucket } from '../../model/s3-bucket.ts';
import type { AssetStore } from '../asset-store.ts';
import { checkUrl } from '../check-url.ts';
import { fileNameOf, urlPathOf } from '../file-name.ts';
import { findLost, list, pagesUnder } from './look.ts';
import { MOST_BYTES, putInto } from './put.ts';
import { REMOVES_AT_ONCE, remove } from './remove.ts';
import { type BucketClient, bucketClient, credentialsOf, urlOf } from './request.ts';

/** Each upload holds one file open. */
const MAX_CONCURRENCY = 48;

/** @param prefix put in front of every key, for example `real-estate` */
export function openS3Store(bucket: S3Bucket, prefix: string): AssetStore {
  const client = bucketClient(bucket);
  const { host } = new URL(bucket.endpoint);
  return {
    // Another service may have a bucket of the same name.
    name: `s3:${host}/${bucket.bucket}`,
    label: `S3 (${bucket.bucket} at ${host})`,
    credentials: credentialsOf(bucket),
    prefix,
    maxConcurrency: MAX_CONCURRENCY,
    removesAtOnce: REMOVES_AT_ONCE,
    // Little, but a run that finds everything in the ledger shall ask nobody.
    lookingCosts: true,

    urlOf: (asset) =>
      bucket.publicBaseUrl === undefined
        ? urlOf(bucket, fileNameOf(asset))
        : `${bucket.publicBaseUrl}/${urlPathOf(asset)}`,

    check(asset, depth, signal) {
      return checkUrl(this.urlOf(asset), asset, { depth, reasonIn: whyRefused }, signal);
    },
    findLost: (known, signal) => findLost(client, prefix, known, signal),
    prepare: (assets, signal) => prepare(client, prefix, assets, signal),
    put: putInto(client),
    remove: (assets, signal) => remove(client, prefix, assets, signal),
    list: (signal) => list(client, prefix, signal),
    async usage(signal) {
      signal.throwIfAborted();
      const limits = { imageBytes: MOST_BYTES, videoBytes: MOST_BYTES, otherBytes: MOST_BYTES };
      // What is stored and asked is billed; nothing is counted down.
      return { limits: { ...limits, imagePixels: undefined }, quotas: [] };
    },
  };
}

/** @throws STORE_AUTH, ASSET_INVALID, ASSETS_FAILED */
async function prepare(
  client: BucketClient,
  prefix: string,
  assets: readonly Asset[],
  signal: AbortSignal,
): Promise<void> {
  const tooLarge = assets.filter(({ sizeBytes }) => sizeBytes > MOST_BYTES);
  if (tooLarge.length > 0) {
    const lines = tooLarge.slice(0, 20).map(({ path, sizeBytes }) => `  ${path}: ${sizeBytes} bytes`);
    throw new OverseedError('ASSET_INVALID', {
      what: `${tooLarge.length} files are above the 5 GiB that one upload to S3 may have:\n${lines.join('\n')}`,
      state: 'old',
      next: 'No file was uploaded. Make them smaller, then run this again.',
    });
  }
  // The smallest question that tells about the key, the bucket, the region and the clock, each by its own name.
  const start = prefix === '' ? '' : `${prefix}/`;
  for await (const _page of pagesUnder(client, start, signal, 1)) break;
}

function whyRefused({ status }: Response): string | null {
  return status === 403
    ? 'HTTP 403: readers may not fetch it; make the bucket public, or name the public address in publicBaseUrl'
    : null;
}
