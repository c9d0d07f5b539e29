/** One signed request to a bucket. `aws4fetch` signs; the platform's `fetch` sends. */
import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { messageOf } from '../../model/error.ts';
import type { S3Bucket } from '../../model/s3-bucket.ts';
import { askPatiently } from '../ask-patiently.ts';
import type { RequestBody } from '../streamed-body.ts';
import { connectionError, toStoreError } from './errors.ts';

/** Longest wait for one answer, uploads excepted, in ms. */
const CALL_MS = 30_000;

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** The permission that it needs, for messages. */
  readonly action: string;
  /** Undefined: the bucket itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly duplex?: 'half';
  /** SHA-256 of the body as hex. It is signed, so what arrives is what was meant. Default: no body. */
  readonly sha256?: string;
  readonly timeoutMs?: number;
  /** Statuses above 299 that are an answer, and no failure. */
  readonly expected?: readonly number[];
}

const NOTHING = createHash('sha256').digest('hex');

/** Sends requests to one bucket. */
export interface BucketClient {
  readonly bucket: S3Bucket;
  /** Whoever gets the response reads or cancels its body. @throws StoreError; the signal's reason after an abort */
  send(request: S3Request, signal: AbortSignal): Promise<Response>;
  /** One attempt after the other while the error may pass. @throws STORE_AUTH, STORE_QUOTA, ASSETS_FAILED */
  ask<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function bucketClient(bucket: S3Bucket): BucketClient {
  // Keys derived from the secret, by day: without it, each request would derive them again.
  const cache = new Map<string, ArrayBuffer>();
  return {
    bucket,
    async send(request, signal) {
      signal.throwIfAborted();
      const { method, action, body, duplex, timeoutMs = CALL_MS, expected = [] } = request;
      const signed = await new AwsV4Signer({
        method,
        url: urlOf(bucket, request.key, request.query),
        headers: { ...request.headers, 'x-amz-content-sha256': request.sha256 ?? NOTHING },
        service: 's3',
        region: bucket.region,
        accessKeyId: bucket.accessKeyId,
        secretAccessKey: bucket.secretAccessKey,
        ...(bucket.sessionToken === undefined ? {} : { sessionToken: bucket.sessionToken }),
        cache,
      }).sign();
      const either = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      let response: Response;
      try {
        response = await fetch(signed.url, {
          method,
          headers: signed.headers,
          // A redirect means a wrong region, and the signature would not fit there.
          redirect: 'manual',
          signal: either,
          ...(body === undefined ? {} : { body }),
          ...(duplex === undefined ? {} : { duplex }),
        });
      } catch (error) {
        signal.throwIfAborted();
        throw connectionError(messageOf(error), error);
      }
      if (response.ok || expected.includes(response.status)) return response;
      throw await toStoreError(response, bucket, action);
    },
    ask: (attempt, signal) => askPatiently(attempt, wordsFor(bucket), signal),
  };
}

/** The body of an answer as text. @throws StoreError when it breaks off */
export async function textOf(response: Response, signal: AbortSignal): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    signal.throwIfAborted();
    throw connectionError(messageOf(error), error);
  }
}

/** @param key as it is, not escaped */
export function urlOf(bucket: S3Bucket, key = '', query: Readonly<Record<string, string>> = {}): string {
  const url = new URL(bucket.endpoint);
  const path = key.split('/').map(encodeURIComponent).join('/');
  if (bucket.pathStyle) url.pathname = `${url.pathname.replace(/\/$/, '')}/${bucket.bucket}/${path}`;
  else {
    url.hostname = `${bucket.bucket}.${url.hostname}`;
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  }
  if (key === '') url.pathname = url.pathname.replace(/\/$/, '');
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** What people are told to check. */
export function credentialsOf({ variables }: S3Bucket): string {
  return `${variables}, and what they permit in the bucket`;
}

function wordsFor(bucket: S3Bucket) {
  const { host } = new URL(bucket.endpoint);
  return {
    service: `S3 at ${host}`,
    account: `the bucket "${bucket.bucket}"`,
    place: `bucket "${bucket.bucket}"`,
    credentials: credentialsOf(bucket),
  };
}
