/** What the S3 store does beyond the contract: how objects are stored, how they are proved, and what its errors say. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type AssetStore, StoreError } from '../../packages/overseed/src/assets/asset-store.ts';
import { withEtag } from '../../packages/overseed/src/assets/etag.ts';
import { measureFile } from '../../packages/overseed/src/assets/measure-file.ts';
import { publicIdOf } from '../../packages/overseed/src/assets/public-id.ts';
import { openS3Store } from '../../packages/overseed/src/assets/s3/open.ts';
import { bucketClient } from '../../packages/overseed/src/assets/s3/request.ts';
import type { Asset } from '../../packages/overseed/src/model/asset.ts';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import type { S3Bucket } from '../../packages/overseed/src/model/s3-bucket.ts';
import { uploadAssets } from '../../packages/overseed/src/upload/upload-assets.ts';
import { randomPicture } from '../../packages/overseed/src/util/random-picture.ts';
import { startReverseProxy, type Verdict } from '../support/reverse-proxy.ts';
import { hasS3Server, type S3Server, startS3Server } from '../support/s3-server.ts';

let server: S3Server;
let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-test-'));
  if (hasS3Server) server = await startS3Server();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new AbortController().signal;

async function newAsset(prefix = 'site'): Promise<Asset> {
  const name = `picture ${++count}.png`;
  await writeFile(path.join(folder, name), randomPicture({ width: 20, height: 20 }));
  const measured = await measureFile(folder, name);
  const publicId = publicIdOf(prefix, name, measured.hash);
  return withEtag({ ...measured, path: name, publicId }, never);
}

async function failureOf(work: Promise<unknown>): Promise<OverseedError | StoreError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof OverseedError || error instanceof StoreError) return error;
  throw new Error(`expected a failure with a name, got ${inspect(error)}`);
}

/** A store whose requests go through a gateway. */
async function through(judge: Parameters<typeof startReverseProxy>[1], changes: Partial<S3Bucket> = {}) {
  const proxy = await startReverseProxy(server.bucket.endpoint, judge);
  const store = openS3Store({ ...server.bucket, ...changes, endpoint: proxy.url }, 'site');
  return { store, proxy, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}

const xmlError = (status: number, code: string, more = ''): Verdict => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}, says the server.</Message>${more}</Error>`,
});

const suite = hasS3Server ? describe : describe.skip;

suite('objects', () => {
  test('say what they are and that they never change', async () => {
    const asset = await newAsset();
    const store = openS3Store(server.bucket, 'site');
    await store.put(asset, never);
    const { headers } = await fetch(store.urlOf(asset), { method: 'HEAD' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      etag: `"${asset.etag}"`,
      'content-length': String(asset.sizeBytes),
    });
  });

  test('carry the SHA-256 of their bytes, which the server has checked', async () => {
    const asset = await newAsset();
    await openS3Store(server.bucket, 'site').put(asset, never);
    const { headers } = await bucketClient(server.bucket).send(
      {
        method: 'HEAD',
        action: 's3:GetObject',
        key: `${asset.publicId}.png`,
        headers: { 'x-amz-checksum-mode': 'ENABLED' },
      },
      never,
    );
    expect(headers.get('x-amz-checksum-sha256')).toBe(Buffer.from(asset.hash, 'hex').toString('base64'));
  });

  test('answer at the public address that stands before the bucket', async () => {
    await using cdn = await startReverseProxy(server.bucket.endpoint, () => 'pass');
    const publicBaseUrl = `${cdn.url}/${server.bucket.bucket}`;
    const store = openS3Store({ ...server.bucket, publicBaseUrl }, 'site');
    const asset = await newAsset();
    await store.put(asset, never);
    expect(store.urlOf(asset)).toBe(`${publicBaseUrl}/${asset.publicId}.png`);
    expect(await store.check(asset, 'bytes', never)).toBeUndefined();
    expect(cdn.requests).toHaveLength(1);
  });

  test('with other bytes of the same length are found', async () => {
    const asset = await newAsset();
    const store = openS3Store(server.bucket, 'site');
    await store.put(asset, never);
    const other = await newAsset();
    const body = Uint8Array.from(randomPicture({ width: 20, height: 20 })).slice(0, asset.sizeBytes);
    expect(body).toHaveLength(asset.sizeBytes);
    await bucketClient(server.bucket).send(
      {
        method: 'PUT',
        action: 's3:PutObject',
        key: `${asset.publicId}.png`,
        body,
        sha256: createHash('sha256').update(body).digest('hex'),
      },
      never,
    );
    await store.put(other, never);
    expect(await store.findLost([asset, other], never)).toEqual([asset]);
  });
});

suite('a bucket whose ETags are no digests, as with KMS', () => {
  const encrypted = {
    rewrite: ({ etag, ...headers }: IncomingHttpHeaders) => ({
      ...headers,
      ...(etag === undefined ? {} : { etag: '"0123456789abcdef0123456789abcdef"' }),
      'x-amz-server-side-encryption': 'aws:kms',
    }),
  };

  test('is proved by the SHA-256, and nothing in it counts as lost', async () => {
    await using gateway = await through(() => encrypted);
    const asset = await newAsset();
    expect(await gateway.store.put(asset, never)).toBe('stored');
    expect(await gateway.store.put(asset, never)).toBe('already-there');
    expect(await gateway.store.findLost([asset], never)).toEqual([]);
    // Not by reading all of it again.
    expect(gateway.proxy.requests.filter(({ method }) => method === 'GET')).toEqual([]);
  });

  test('is proved by reading the bytes when it does not tell the SHA-256 either', async () => {
    const silent: Verdict = {
      rewrite: ({ 'x-amz-checksum-sha256': _, ...headers }) => encrypted.rewrite(headers),
    };
    await using gateway = await through(() => silent);
    const asset = await newAsset();
    expect(await gateway.store.put(asset, never)).toBe('stored');
    expect(gateway.proxy.requests.map(({ method }) => method)).toEqual(['PUT', 'HEAD', 'GET']);
  });
});

suite('a service that does not know If-None-Match', () => {
  test('still takes files, and nothing is replaced', async () => {
    await using gateway = await through(({ headers }) =>
      headers['if-none-match'] === undefined ? 'pass' : xmlError(501, 'NotImplemented'),
    );
    const assets = [await newAsset(), await newAsset()];
    const run = startRun({ signal: never, emit: () => undefined });
    expect(await uploadAssets(assets, gateway.store, run)).toMatchObject({ uploaded: 2, alreadyThere: 0 });
    const puts = () => gateway.proxy.requests.filter(({ method }) => method === 'PUT').length;
    const before = puts();
    expect(await uploadAssets(assets, gateway.store, run)).toMatchObject({ uploaded: 0, alreadyThere: 2 });
    expect(puts()).toBe(before);
  });
});

suite('P2: on a bad line', () => {
  test('a lost answer is no loss: the second attempt finds the file there, whole', async () => {
    let lost = 0;
    await using gateway = await through(({ method }) =>
      method === 'PUT' && lost++ === 0 ? 'lose-answer' : 'pass',
    );
    const asset = await newAsset();
    const run = startRun({ signal: never, emit: () => undefined });
    expect(await uploadAssets([asset], gateway.store, run)).toMatchObject({ alreadyThere: 1, retries: 1 });
    expect(await gateway.store.check(asset, 'bytes', never)).toBeUndefined();
  });

  test('60 files arrive although every fifth request fails in some way', async () => {
    const evils: Verdict[] = [
      'cut',
      'lose-answer',
      xmlError(503, 'SlowDown'),
      xmlError(500, 'InternalError'),
    ];
    let requests = 0;
    await using gateway = await through(() =>
      ++requests % 5 === 0 ? (evils[(requests / 5) % evils.length] ?? 'cut') : 'pass',
    );
    const assets = await Promise.all(Array.from({ length: 60 }, () => newAsset()));
    const run = startRun({ signal: never, emit: () => undefined });
    const tally = await uploadAssets(assets, gateway.store, run);
    expect(tally.uploaded + tally.alreadyThere).toBe(60);
    expect(tally.retries).toBeGreaterThan(5);
    expect(await openS3Store(server.bucket, 'site').findLost(assets, never)).toEqual([]);
  });
});

suite('errors', () => {
  const mine = (changes: Partial<S3Bucket>): AssetStore =>
    openS3Store({ ...server.bucket, ...changes }, 'site');

  test('a key that may only read: which permission is missing, and where the key comes from', async () => {
    const asset = await newAsset();
    const store = openS3Store(server.readOnly, 'site');
    const put = await failureOf(store.put(asset, never));
    expect(put).toMatchObject({ kind: 'credentials' });
    expect(put.message).toBe(
      'they do not permit s3:PutObject in the bucket "media": Access Denied (AccessDenied)',
    );
    await openS3Store(server.bucket, 'site').put(asset, never);
    const remove = await failureOf(store.remove([asset], never));
    expect(remove.message).toContain('s3:DeleteObject');
    const run = startRun({ signal: never, emit: () => undefined });
    const upload = await failureOf(uploadAssets([await newAsset()], store, run));
    expect(upload).toMatchObject({ code: 'STORE_AUTH' });
    expect(upload.message).toContain('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
    expect(upload.message).not.toContain(server.readOnly.secretAccessKey);
  });

  test('a bucket that does not exist', async () => {
    const error = await failureOf(mine({ bucket: 'nowhere' }).prepare([await newAsset()], never));
    expect(error).toMatchObject({ code: 'ASSETS_FAILED' });
    expect(error.message).toContain('the bucket "nowhere" does not exist');
  });

  test('an unknown key', async () => {
    const error = await failureOf(mine({ accessKeyId: 'AKNOBODY' }).prepare([await newAsset()], never));
    expect(error).toMatchObject({ code: 'STORE_AUTH' });
    expect(error.message).toContain('InvalidAccessKeyId');
  });

  test('a clock that is wrong by half an hour', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 30 * 60_000 });
    const error = await failureOf(mine({}).prepare([], never));
    expect(error.message).toContain('the clock of this machine is 30 min behind');
  });

  test('nobody there', async () => {
    const error = await failureOf(mine({ endpoint: 'http://127.0.0.1:1' }).put(await newAsset(), never));
    expect(error).toMatchObject({ kind: 'passing' });
  });

  test('a file above 5 GiB is refused before anything is sent', async () => {
    const huge = { ...(await newAsset()), path: 'film.png', sizeBytes: 6 * 1024 ** 3 };
    const error = await failureOf(mine({ endpoint: 'http://127.0.0.1:1' }).prepare([huge], never));
    expect(error).toMatchObject({ code: 'ASSET_INVALID' });
    expect(error.message).toContain('film.png: 6442450944 bytes');
  });

  test('a bucket that readers may not read from', async () => {
    await using gateway = await through(({ headers }) =>
      headers.authorization === undefined ? xmlError(403, 'AccessDenied') : 'pass',
    );
    const asset = await newAsset();
    await gateway.store.put(asset, never);
    expect(await gateway.store.check(asset, 'headers', never)).toMatch(/make the bucket public/);
  });

  // As Amazon's servers answer; the server of these tests has one region only.
  test.each([
    [
      'redirected',
      xmlError(301, 'PermanentRedirect', '<Endpoint>media.s3.eu-west-3.amazonaws.com</Endpoint>'),
    ],
    ['told', xmlError(400, 'AuthorizationHeaderMalformed', '<Region>eu-west-3</Region>')],
    ['shown', { status: 301, headers: { 'x-amz-bucket-region': 'eu-west-3' } }],
  ] satisfies [string, Verdict][])('another region, %s', async (_how, verdict) => {
    await using gateway = await through(() => verdict);
    const error = await failureOf(gateway.store.prepare([], never));
    expect(error).toMatchObject({ code: 'ASSETS_FAILED' });
    expect(error.message).toMatch(/is in (the region "eu-west-3"|another region), not in "us-east-1"/);
    expect(gateway.proxy.requests).toHaveLength(1);
  });

  test.each([
    ['SlowDown', 503, { kind: 'passing', throttled: true }],
    ['TooManyRequests', 429, { kind: 'passing', throttled: true }],
    ['InternalError', 500, { kind: 'passing', throttled: false }],
    ['RequestTimeout', 400, { kind: 'passing', throttled: false }],
    ['ConditionalRequestConflict', 409, { kind: 'passing', throttled: false }],
    ['ExpiredToken', 400, { kind: 'credentials' }],
    ['EntityTooLarge', 400, { kind: 'permanent' }],
  ])('%s is told from the others', async (code, status, expected) => {
    await using gateway = await through(() => xmlError(status, code));
    const error = await failureOf(gateway.store.put(await newAsset(), never));
    expect(error).toMatchObject(expected);
    expect(error.message).toBe(`${code}, says the server (${code})`);
  });

  test('P9: a server that sends the secret back does not get it printed', async () => {
    await using gateway = await through(() =>
      xmlError(400, 'Odd', `<Message>${server.bucket.secretAccessKey}</Message>`),
    );
    const echo = await through(() => ({
      status: 400,
      body: `<Error><Code>Odd</Code><Message>you said ${server.bucket.secretAccessKey}</Message></Error>`,
    }));
    await using _ = echo;
    for (const { store } of [gateway, echo]) {
      const error = await failureOf(store.put(await newAsset(), never));
      expect(inspect(error, { depth: 10 })).not.toContain(server.bucket.secretAccessKey);
    }
  });
});

suite('requests', () => {
  test('temporary credentials send their token, signed', async () => {
    await using gateway = await through(() => xmlError(400, 'InvalidToken'), { sessionToken: 'a-token' });
    await failureOf(gateway.store.prepare([], never));
    const [request] = gateway.proxy.requests;
    expect(request?.headers['x-amz-security-token']).toBe('a-token');
    expect(request?.headers.authorization).toMatch(/SignedHeaders=[^,]*x-amz-security-token/);
  });

  test('looking for a few among many asks for the few', async () => {
    await using gateway = await through(() => 'pass');
    const asset = await newAsset();
    await gateway.store.put(asset, never);
    const before = gateway.proxy.requests.length;
    expect(await gateway.store.findLost([asset], never)).toEqual([]);
    expect(gateway.proxy.requests.slice(before).map(({ method }) => method)).toEqual(['HEAD']);
  });

  test('looking for many reads lists', async () => {
    await using gateway = await through(() => 'pass');
    const assets = await Promise.all(Array.from({ length: 40 }, () => newAsset()));
    const run = startRun({ signal: never, emit: () => undefined });
    await uploadAssets(assets, gateway.store, run);
    const before = gateway.proxy.requests.length;
    expect(await gateway.store.findLost(assets, never)).toEqual([]);
    expect(gateway.proxy.requests.length - before).toBeLessThanOrEqual(2);
  });
});
