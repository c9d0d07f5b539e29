/** The official SDK, unmodified, against the emulator: what it can do here it can do there. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { md5 } from '../testing/client.ts';
import { png } from '../testing/png.ts';
import { type CloudinaryEmulator, startCloudinary } from './emulator.ts';

type Sdk = typeof import('cloudinary').v2;

let emulator: CloudinaryEmulator;
let sdk: Sdk;
let folder: string;
const agent = new Agent({ keepAlive: true });

function photo(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, png(name));
  return path;
}

beforeAll(async () => {
  emulator = await startCloudinary();
  folder = mkdtempSync(join(tmpdir(), 'local-cloud-sdk-'));
  // The SDK chooses http or https when it is loaded, from this variable.
  process.env.CLOUDINARY_URL = emulator.cloudinaryUrl;
  sdk = (await import('cloudinary')).v2;
  sdk.config({ hide_sensitive: true });
});
afterAll(async () => {
  delete process.env.CLOUDINARY_URL;
  agent.destroy();
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

test('upload, from a file with quotes in its name, verified by etag and answer signature', async () => {
  const answer = await sdk.uploader.upload(photo('a "b".png'), {
    public_id: 'sdk/one',
    tags: ['x', 'y'],
    overwrite: false,
  });
  expect(answer).toMatchObject({ public_id: 'sdk/one', etag: md5(png('a "b".png')), tags: ['x', 'y'] });
  const { verify_api_response_signature } = sdk.utils as unknown as {
    verify_api_response_signature(publicId: string, version: string, signature: string): boolean;
  };
  expect(verify_api_response_signature(answer.public_id, String(answer.version), answer.signature)).toBe(
    true,
  );
  const again = await sdk.uploader.upload(photo('two.png'), { public_id: 'sdk/one', overwrite: false });
  expect(again).toMatchObject({ existing: true, etag: answer.etag });
});

test('upload with transformation keys changes the stored bytes', async () => {
  const answer = await sdk.uploader.upload(photo('wide.png'), {
    public_id: 'sdk/wide',
    width: 100,
    crop: 'limit',
  });
  expect(answer.etag).not.toBe(md5(png('wide.png')));
});

test('upload by stream, with SHA-256, and with an agent of its own', async () => {
  const answer = await new Promise<{ etag: string } | undefined>((resolve, reject) => {
    const options = { public_id: 'sdk/stream', signature_algorithm: 'sha256', filename: 'ab12.png', agent };
    const stream = sdk.uploader.upload_stream(options as object, (error, result) =>
      error ? reject(error) : resolve(result),
    );
    stream.end(png('stream'));
  });
  expect(answer?.etag).toBe(md5(png('stream')));
});

test('twenty uploads at ten at a time all arrive', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `bulk-${i}.png`);
  for (const half of [names.slice(0, 10), names.slice(10)]) {
    await Promise.all(
      half.map((name) => sdk.uploader.upload(photo(name), { public_id: `bulk/${name.slice(0, -4)}` })),
    );
  }
  expect(emulator.assets().filter(({ public_id }) => public_id.startsWith('bulk/'))).toHaveLength(20);
});

test('lists and details', async () => {
  const list = await sdk.api.resources({ type: 'upload', prefix: 'bulk/', max_results: 7 });
  expect(list.resources).toHaveLength(7);
  expect(list.resources[0]).not.toHaveProperty('etag');
  expect(list.rate_limit_remaining).toBeLessThan(500);
  const rest = await sdk.api.resources({
    type: 'upload',
    prefix: 'bulk/',
    max_results: 500,
    next_cursor: list.next_cursor,
  });
  expect(rest.resources).toHaveLength(13);
  const some = await sdk.api.resources_by_ids(['sdk/one', 'sdk/none', 'bulk/bulk-3']);
  expect(some.resources.map(({ public_id }: { public_id: string }) => public_id)).toEqual([
    'sdk/one',
    'bulk/bulk-3',
  ]);
  expect((await sdk.api.resources_by_tag('x')).resources).toHaveLength(1);
  expect(await sdk.api.resource('sdk/one')).toMatchObject({ etag: md5(png('a "b".png')), tags: ['x', 'y'] });
});

test('fetch by the SDK’s own URLs', async () => {
  const url = sdk.url('bulk/bulk-1', {
    secure: false,
    cname: emulator.url.slice(7),
    format: 'png',
    quality: 'auto',
  });
  expect(url).toContain('/image/upload/q_auto/v1/bulk/bulk-1.png');
  const response = await fetch(url);
  expect(md5(new Uint8Array(await response.arrayBuffer()))).toBe(md5(png('bulk-1.png')));
});

test('tags, explicit, context, rename', async () => {
  expect(await sdk.uploader.add_tag('prune', ['bulk/bulk-1', 'bulk/bulk-2', 'none'])).toEqual({
    public_ids: ['bulk/bulk-1', 'bulk/bulk-2'],
  });
  await sdk.uploader.remove_tag('prune', ['bulk/bulk-2']);
  expect((await sdk.api.resources_by_tag('prune')).resources).toHaveLength(1);
  await sdk.uploader.add_context('alt=A', ['bulk/bulk-1']);
  expect(await sdk.uploader.explicit('bulk/bulk-1', { type: 'upload' })).toMatchObject({
    tags: ['prune'],
    context: { custom: { alt: 'A' } },
  });
  expect(await sdk.uploader.rename('bulk/bulk-1', 'bulk/renamed')).toMatchObject({
    public_id: 'bulk/renamed',
  });
  await expect(sdk.uploader.rename('bulk/renamed', 'bulk/bulk-2')).rejects.toMatchObject({ http_code: 400 });
});

test('destroy, delete by ids, by tag and by prefix', async () => {
  expect(await sdk.uploader.destroy('sdk/wide', { invalidate: true })).toEqual({ result: 'ok' });
  expect(await sdk.uploader.destroy('sdk/wide')).toEqual({ result: 'not found' });
  expect(await sdk.api.delete_resources(['sdk/one', 'sdk/wide'])).toMatchObject({
    deleted: { 'sdk/one': 'deleted', 'sdk/wide': 'not_found' },
    partial: false,
  });
  expect((await sdk.api.delete_resources_by_tag('prune')).deleted).toEqual({ 'bulk/renamed': 'deleted' });
  const { deleted } = await sdk.api.delete_resources_by_prefix('bulk/');
  expect(Object.keys(deleted)).toHaveLength(19);
  expect(emulator.assets().map(({ public_id }) => public_id)).toEqual(['sdk/stream']);
});

test('ping, usage, config, search', async () => {
  expect(await sdk.api.ping()).toMatchObject({ status: 'ok', rate_limit_allowed: 500 });
  expect((await sdk.api.usage()).media_limits.image_max_size_bytes).toBe(10_485_760);
  const config = sdk.api as unknown as { config(options: object): Promise<{ settings: object }> };
  expect((await config.config({ settings: true })).settings).toEqual({ folder_mode: 'dynamic' });
  const found = await sdk.search.expression('public_id:sdk/*').with_field('tags').max_results(5).execute();
  expect(found).toMatchObject({ total_count: 1, resources: [{ public_id: 'sdk/stream', tags: [] }] });
});

test('large uploads that are turned away early are told so', async () => {
  await using busy = await startCloudinary({ uploadConcurrency: 1, throttleWhen: 'before-body' });
  busy.faults.set({ kind: 'latency', ms: 300, times: 1 });
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(6_000_000));
  const to = { ...sdk.config(), upload_prefix: busy.url, api_key: busy.apiKey, api_secret: busy.apiSecret };
  const results = await Promise.allSettled(
    Array.from({ length: 6 }, (_, i) =>
      sdk.uploader.upload(join(folder, 'large.bin'), { ...to, resource_type: 'raw', public_id: `large${i}` }),
    ),
  );
  const refused = results
    .filter((result) => result.status === 'rejected')
    .map(({ reason }) => reason as object);
  expect(refused).toEqual(Array.from({ length: 5 }, () => expect.objectContaining({ http_code: 420 })));
});

test('a wrong secret is told as the SDK tells it', async () => {
  const wrong = { public_id: 'x', api_secret: 'wrong' };
  await expect(sdk.uploader.upload(photo('x.png'), wrong)).rejects.toMatchObject({
    http_code: 401,
    message: expect.stringMatching(
      /^Invalid Signature [0-9a-f]{40}\. String to sign - 'public_id=x&timestamp=\d+'\.$/,
    ),
  });
  await expect(sdk.api.ping({ api_secret: 'wrong' })).rejects.toMatchObject({ error: { http_code: 401 } });
});
