import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, basic, md5, nowSeconds, post, signed, toForm, upload } from '../../testing/client.ts';
import { png } from '../../testing/png.ts';
import { type CloudinaryEmulator, startCloudinary } from '../emulator.ts';
import { answerSignature } from '../signature.ts';

let emulator: CloudinaryEmulator;
const MAX_BYTES = 4_000;

beforeAll(async () => {
  emulator = await startCloudinary({
    limits: { imageMaxBytes: MAX_BYTES, imageMaxPixels: 10_000, requestMaxBytes: 200_000 },
  });
});
afterAll(() => emulator.stop());

const uploadUrl = () => `${emulator.url}/v1_1/demo/image/upload`;
const sendSigned = (...[fields, how]: [Parameters<typeof signed>[1], Parameters<typeof signed>[2]?]) =>
  ask(uploadUrl(), { method: 'POST', body: toForm(signed(emulator, fields, how), png()) });

describe('what an upload answers', () => {
  test('the answer describes the stored bytes, and its url delivers them', async () => {
    const bytes = png('first');
    const { status, body } = await upload(
      emulator,
      { public_id: 'a/first', tags: 'x,y', context: 'alt=A\\|B|k=v' },
      bytes,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      public_id: 'a/first',
      bytes: bytes.length,
      etag: md5(bytes),
      format: 'png',
      width: 2,
      height: 1,
      resource_type: 'image',
      type: 'upload',
      tags: ['x', 'y'],
      context: { custom: { alt: 'A|B', k: 'v' } },
      original_filename: 'photo',
      api_key: emulator.apiKey,
      asset_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    const version = body.version as number;
    expect(Math.abs(version - nowSeconds())).toBeLessThan(5);
    expect(body.signature).toBe(answerSignature('a/first', version, emulator.apiSecret));
    expect(body.url).toBe(`${emulator.url}/demo/image/upload/v${version}/a/first.png`);
    expect(body.secure_url).toBe(body.url);
    expect(md5(new Uint8Array(await (await fetch(String(body.url))).arrayBuffer()))).toBe(md5(bytes));
  });

  test('overwriting is the default, keeps the asset_id and says so', async () => {
    const first = await upload(emulator, { public_id: 'twice' }, png('1'));
    const second = await upload(emulator, { public_id: 'twice' }, png('2'));
    expect(first.body).not.toHaveProperty('overwritten');
    expect(second.body).toMatchObject({
      overwritten: true,
      etag: md5(png('2')),
      asset_id: first.body.asset_id,
    });
  });

  test('overwrite=false leaves the stored asset alone and describes it', async () => {
    await upload(emulator, { public_id: 'kept' }, png('old'));
    const { status, body } = await upload(emulator, { public_id: 'kept', overwrite: 'false' }, png('new'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ existing: true, etag: md5(png('old')) });
  });

  test('of twenty simultaneous uploads with overwrite=false, one is stored', async () => {
    await using wide = await startCloudinary({ uploadConcurrency: 20 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => upload(wide, { public_id: 'race', overwrite: '0' }, png(`${i}`))),
    );
    expect(answers.filter(({ body }) => body.existing !== true)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.etag)).size).toBe(1);
    expect(readdirSync(join(wide.dataDir, 'objects'))).toHaveLength(1);
  });

  test('without a public_id a name is made up, from the file name when asked', async () => {
    const random = await upload(emulator, {}, png());
    expect(random.body.public_id).toMatch(/^[a-z0-9]{20}$/);
    const named = await upload(emulator, { use_filename: 'true', unique_filename: 'false' }, png());
    expect(named.body.public_id).toBe('photo');
  });

  test('the folder becomes part of the name in fixed mode, and asset_folder counts in dynamic mode', async () => {
    await using fixed = await startCloudinary({ folderMode: 'fixed' });
    expect((await upload(fixed, { folder: 'f', public_id: 'x' }, png())).body).toMatchObject({
      public_id: 'f/x',
      folder: 'f',
    });
    expect((await upload(emulator, { asset_folder: 'g', public_id: 'y' }, png())).body).toMatchObject({
      public_id: 'y',
      asset_folder: 'g',
    });
  });

  test('an incoming transformation changes the stored bytes and the etag', async () => {
    const { body } = await upload(emulator, { public_id: 'shrunk', transformation: 'c_limit,w_100' }, png());
    expect(body.etag).not.toBe(md5(png()));
    expect(body.bytes).not.toBe(png().length);
    expect(body.format).toBe('png');
  });

  test('raw and auto take files that are no images', async () => {
    const text = Buffer.from('hello');
    expect((await upload(emulator, { public_id: 'note.txt' }, text, { type: 'raw' })).body).toMatchObject({
      resource_type: 'raw',
      public_id: 'note.txt',
      etag: md5(text),
    });
    expect((await upload(emulator, { public_id: 'guess' }, text, { type: 'auto' })).body.resource_type).toBe(
      'raw',
    );
    expect((await upload(emulator, { public_id: 'guess' }, png(), { type: 'auto' })).body.resource_type).toBe(
      'image',
    );
  });

  test('a data URI is a file, in a form and in JSON', async () => {
    const file = `data:image/png;base64,${png('uri').toString('base64')}`;
    expect((await upload(emulator, { public_id: 'uri' }, file)).body.etag).toBe(md5(png('uri')));
    const json = await ask(uploadUrl(), {
      method: 'POST',
      headers: { authorization: basic(emulator), 'content-type': 'application/json' },
      body: JSON.stringify({ file, public_id: 'uri2', tags: ['a', 'b'] }),
    });
    expect(json.body).toMatchObject({ etag: md5(png('uri')), tags: ['a', 'b'] });
  });
});

describe('who may upload', () => {
  test.each([
    ['sha1, version 2', {}],
    ['sha1, version 1', { escapesAmpersand: false }],
    ['sha256, version 2', { algorithm: 'sha256' }],
    ['sha256, version 1', { algorithm: 'sha256', escapesAmpersand: false }],
  ])('a good signature is accepted: %s', async (_name, how) => {
    expect((await sendSigned({ public_id: 'signed', context: 'a=b&c' }, how)).status).toBe(200);
  });

  test('a wrong signature is refused with the string that should have been signed', async () => {
    const fields = {
      timestamp: '',
      ...signed(emulator, { public_id: 'x', tags: 'a,b' }),
      signature: 'f'.repeat(40),
    };
    const { status, message, headers } = await ask(uploadUrl(), {
      method: 'POST',
      body: toForm(fields, png()),
    });
    expect(status).toBe(401);
    expect(message).toBe(
      `Invalid Signature ${'f'.repeat(40)}. String to sign - 'public_id=x&tags=a,b&timestamp=${fields.timestamp}'.`,
    );
    expect(headers.get('x-cld-error')).toBe(message);
  });

  test('a parameter added after signing breaks the signature', async () => {
    const fields = { ...signed(emulator, { public_id: 'x' }), overwrite: 'true' };
    expect((await ask(uploadUrl(), { method: 'POST', body: toForm(fields, png()) })).status).toBe(401);
  });

  test('a stale or future timestamp is refused, and half an hour ago is not', async () => {
    const stale = await sendSigned({ public_id: 'x' }, { timestamp: nowSeconds() - 3_700 });
    expect(stale.status).toBe(400);
    expect(stale.message).toMatch(
      /^Stale request - reported time is \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 which is more than 1 hour ago$/,
    );
    expect((await sendSigned({ public_id: 'x' }, { timestamp: nowSeconds() + 3_700 })).status).toBe(400);
    expect((await sendSigned({ public_id: 'x' }, { timestamp: nowSeconds() - 1_800 })).status).toBe(200);
  });

  test.each([
    ['no credentials', {}, 400, 'Upload preset must be specified when using unsigned upload'],
    ['an unsigned preset', { upload_preset: 'p' }, 400, /does not emulate unsigned uploads/],
    ['no api_key', { signature: 'x', timestamp: '1' }, 400, 'Missing required parameter - api_key'],
    ['an unknown key', { signature: 'x', api_key: '12', timestamp: '1' }, 401, 'Unknown API key 12'],
  ])('refused: %s', async (_name, fields, status, message) => {
    const answer = await ask(uploadUrl(), { method: 'POST', body: toForm(fields, png()) });
    expect(answer.status).toBe(status);
    expect(answer.message).toMatch(message);
  });

  test.each([
    [
      'a wrong secret',
      (right: string) => basic({ apiKey: right, apiSecret: 'wrong' }),
      'api_secret mismatch',
    ],
    ['a wrong key', () => basic({ apiKey: '1', apiSecret: emulator.apiSecret }), 'Invalid api_key'],
    ['OAuth', () => 'Bearer token', /OAuth/],
  ])('Basic credentials are checked: %s', async (_name, authorization, message) => {
    const headers = { authorization: authorization(emulator.apiKey) };
    const answer = await upload(emulator, {}, png(), { headers });
    expect(answer.status).toBe(401);
    expect(answer.message).toMatch(message);
    expect(answer.text).not.toContain(emulator.apiSecret);
  });

  test('another cloud is refused', async () => {
    const url = `${emulator.url}/v1_1/other/image/upload`;
    const answer = await ask(url, {
      method: 'POST',
      headers: { authorization: basic(emulator) },
      body: toForm({}, png()),
    });
    expect(answer).toMatchObject({ status: 401, message: 'cloud_name mismatch' });
  });
});

describe('what is refused', () => {
  const big = Buffer.concat([png(), randomBytes(MAX_BYTES)]);
  test.each([
    ['no file', {}, undefined, 'Missing required parameter - file'],
    ['an empty file', {}, Buffer.alloc(0), 'Empty file'],
    ['no image', {}, Buffer.from('hello world, not an image'), 'Invalid image file'],
    ['too large a file', {}, big, `File size too large. Got ${big.length}. Maximum is ${MAX_BYTES}.`],
    [
      'too many pixels',
      {},
      png('', { width: 101, height: 100 }),
      'Resource has too many pixels: 10100. Maximum is 10000',
    ],
    [
      'a format that is not allowed',
      { allowed_formats: 'jpg,gif' },
      png(),
      'Image file format png not allowed',
    ],
    ['a forbidden name', { public_id: 'a?b' }, png(), /public_id \(a\?b\) is invalid/],
    ['a remote file', {}, 'https://example.com/a.png', /uploads by URL/],
    ['text that is no file', {}, 'hello', 'Unsupported source URL'],
    ['a conversion', { format: 'webp' }, png(), /conversion from png to webp/],
    ['an eager transformation', { eager: 'w_1' }, png(), /eager/],
    ['an asynchronous upload', { async: '1' }, png(), /async/],
    ['a preset', { upload_preset: 'p' }, png(), /upload_preset/],
    ['a private asset', { type: 'private' }, png(), /type private/],
    ['a flag that is none', { overwrite: 'maybe' }, png(), /Invalid value maybe/],
  ])('%s', async (_name, fields: Record<string, string>, file, message) => {
    const answer = await upload(emulator, fields, file);
    expect(answer.status).toBe(400);
    expect(answer.message).toMatch(message);
    expect(answer.headers.get('x-cld-error')).toBe(answer.message);
  });

  test('a jpeg or png is allowed by its usual names', async () => {
    expect((await upload(emulator, { allowed_formats: 'JPEG,png', public_id: 'ok' }, png())).status).toBe(
      200,
    );
  });

  test('video and chunked uploads', async () => {
    expect((await upload(emulator, {}, png(), { type: 'video' })).message).toMatch(/video/);
    const headers = { authorization: basic(emulator), 'content-range': 'bytes 0-9/20' };
    expect((await upload(emulator, {}, png(), { headers })).message).toMatch(/chunked uploads/);
  });

  test('a request that is too large, with and without a length', async () => {
    const huge = Buffer.alloc(300_000);
    expect(await upload(emulator, {}, huge)).toMatchObject({
      status: 413,
      message: 'Request entity too large',
    });
    const { status } = await sendRaw([huge], { boundary: 'x' });
    expect(status).toBe(413);
  });

  test('a broken body', async () => {
    expect(await sendRaw([Buffer.from('--x\r\nnonsense')], { boundary: 'x' })).toMatchObject({ status: 400 });
    expect(await post(emulator, 'image/upload', new URLSearchParams())).toMatchObject({ status: 400 });
  });

  test('an upload that its client breaks off leaves nothing, and its place is free again', async () => {
    await using fresh = await startCloudinary({ uploadConcurrency: 1 });
    const outgoing = request(`${fresh.url}/v1_1/demo/image/upload`, {
      method: 'POST',
      headers: { authorization: basic(fresh), 'content-type': 'multipart/form-data; boundary=x' },
    });
    outgoing.on('error', () => {});
    outgoing.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n');
    outgoing.write(png());
    const objects = join(fresh.dataDir, 'objects');
    await expect.poll(() => readdirSync(objects)).toHaveLength(1);
    outgoing.destroy();
    await expect.poll(() => readdirSync(objects)).toHaveLength(0);
    expect((await upload(fresh, {}, png())).status).toBe(200);
  });

  test('nothing that was refused is stored or left on disk', async () => {
    await using fresh = await startCloudinary({ limits: { imageMaxBytes: 100 } });
    await upload(fresh, { public_id: 'a' }, Buffer.alloc(200));
    await upload(fresh, { public_id: 'b' }, Buffer.from('text'));
    await upload(fresh, { public_id: 'c' }, png(), { headers: {} });
    expect(fresh.assets()).toEqual([]);
    expect(readdirSync(join(fresh.dataDir, 'objects'))).toEqual([]);
    expect(fresh.counters()).toMatchObject({ uploads: 0, uploadRequests: 3 });
  });
});

describe('how bodies may be written', () => {
  const part = (boundary: string, disposition: string, content: Buffer | string) =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]);

  test.each([
    ['the file first', 'x', 'file', ''],
    ['no line end after the last boundary', 'x', 'name', ''],
    ['a line end after the last boundary', 'x', 'name', '\r\n'],
    ['a boundary of one character', 'q', 'name', ''],
    ['an empty boundary', '', 'name', ''],
  ])('%s', async (_name, boundary, first, end) => {
    const file = part(boundary, 'name="file"; filename="a.png"', png('body'));
    const name = part(boundary, 'name="public_id"', 'written');
    const parts = first === 'file' ? [file, name] : [name, file];
    const { status, body } = await sendRaw([...parts, Buffer.from(`--${boundary}--${end}`)], { boundary });
    expect(status).toBe(200);
    expect(body).toMatchObject({ public_id: 'written', etag: md5(png('body')) });
  });

  test('quotes in the file name, in one piece and byte by byte', async () => {
    const whole = Buffer.concat([
      part('x', 'name="public_id"', 'quoted'),
      part('x', 'name="file"; filename="a "b" c.png"', png('q')),
      Buffer.from('--x--'),
    ]);
    const bytes = Array.from({ length: whole.length }, (_, i) => whole.subarray(i, i + 1));
    for (const pieces of [[whole], bytes]) {
      expect((await sendRaw(pieces, { boundary: 'x' })).body).toMatchObject({
        public_id: 'quoted',
        etag: md5(png('q')),
      });
    }
  });
});

/** Sends pieces with chunked transfer encoding. */
function sendRaw(
  pieces: readonly Buffer[],
  { boundary }: { boundary: string },
): Promise<{ status: number | undefined; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: basic(emulator),
      'content-type': `multipart/form-data; boundary=${boundary}`,
    };
    const outgoing = request(uploadUrl(), { method: 'POST', headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode, body: JSON.parse(text) as Record<string, unknown> }),
      );
    });
    outgoing.on('error', reject);
    for (const piece of pieces) outgoing.write(piece);
    outgoing.end();
  });
}
