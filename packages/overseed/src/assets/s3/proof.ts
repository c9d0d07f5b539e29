/**
 * Is what the bucket holds the asset? An ETag is the MD5 of the bytes when they came in one request, unless the bucket
 * encrypts with KMS or with a key of the customer: then the SHA-256 that travelled with the upload is asked for, and where
 * there is none, the bytes themselves are read.
 */
import { createHash } from 'node:crypto';
import type { Asset, ProvableAsset } from '../../model/asset.ts';
import { messageOf } from '../../model/error.ts';
import { compareDigest, compareSize } from '../check-url.ts';
import { fileNameOf } from '../file-name.ts';
import { connectionError } from './errors.ts';
import type { BucketClient } from './request.ts';

const READ_MS = 150_000;

/** An ETag without quotes; undefined when it cannot be an MD5. */
export function md5In(etag: string | null | undefined): string | undefined {
  return /^"?([0-9a-f]{32})"?$/i.exec(etag ?? '')?.[1]?.toLowerCase();
}

export const base64Of = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

/** True when the headers prove it. False says nothing. */
export function isProvedBy(headers: Headers, asset: ProvableAsset & { readonly hash?: string }): boolean {
  if (md5In(headers.get('etag')) === asset.etag) return true;
  const checksum = headers.get('x-amz-checksum-sha256');
  return asset.hash !== undefined && checksum === base64Of(asset.hash);
}

/** True for objects whose ETag is no digest of their bytes. */
export function isEncryptedByKey(headers: Headers): boolean {
  const kms = headers.get('x-amz-server-side-encryption')?.startsWith('aws:kms') ?? false;
  return kms || headers.has('x-amz-server-side-encryption-customer-algorithm');
}

/** Undefined when the object is not there. @throws StoreError */
export async function head(
  client: BucketClient,
  asset: ProvableAsset,
  signal: AbortSignal,
): Promise<Headers | undefined> {
  const response = await client.send(
    {
      method: 'HEAD',
      action: 's3:GetObject',
      key: fileNameOf(asset),
      headers: { 'x-amz-checksum-mode': 'ENABLED' },
      expected: [404],
    },
    signal,
  );
  return response.status === 404 ? undefined : response.headers;
}

/** Undefined when the bucket holds the asset; else what is wrong, in words. @throws StoreError */
export async function differenceOf(
  client: BucketClient,
  asset: Asset,
  signal: AbortSignal,
): Promise<string | undefined> {
  const headers = await head(client, asset, signal);
  if (!headers) return 'is missing';
  const wrongSize = compareSize(Number(headers.get('content-length') ?? Number.NaN), asset);
  if (wrongSize || isProvedBy(headers, asset)) return wrongSize;
  const request = { action: 's3:GetObject', key: fileNameOf(asset), timeoutMs: READ_MS };
  const response = await client.send({ method: 'GET', ...request }, signal);
  const md5 = createHash('md5');
  try {
    for await (const chunk of response.body ?? []) md5.update(chunk);
  } catch (error) {
    signal.throwIfAborted();
    throw connectionError(messageOf(error), error);
  }
  return compareDigest(md5.digest('hex'), asset);
}
