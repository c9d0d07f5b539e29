/** The S3 store keeps the contract of all stores, on a real S3 server. */
import { createHash } from 'node:crypto';
import { assetStoreContract } from 'overseed/testing';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openS3Store } from '../../packages/overseed/src/assets/s3/open.ts';
import { bucketClient } from '../../packages/overseed/src/assets/s3/request.ts';
import { hasS3Server, type S3Server, startS3Server } from '../support/s3-server.ts';

let server: S3Server;

beforeAll(async () => {
  if (hasS3Server) server = await startS3Server();
});
afterAll(() => server?.[Symbol.asyncDispose]());

const never = new AbortController().signal;

const suite = hasS3Server ? describe.concurrent : describe.skip;

suite('a bucket', () => {
  const contract = assetStoreContract({
    open: (prefix) => openS3Store(server.bucket, prefix),
    async tamper({ publicId, format }, bytes) {
      const { send } = bucketClient(server.bucket);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const body = Uint8Array.from(bytes);
      await send(
        { method: 'PUT', action: 's3:PutObject', key: `${publicId}.${format}`, body, sha256 },
        never,
      );
    },
    wrongSecret: {
      open: (prefix) => openS3Store({ ...server.bucket, secretAccessKey: 'wr0ng-s3cret' }, prefix),
      secret: 'wr0ng-s3cret',
      variable: 'AWS_SECRET_ACCESS_KEY',
    },
  });
  for (const { name, run } of contract) test(name, run);
});
