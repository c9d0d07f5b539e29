import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, md5, post, toForm, upload } from '../../testing/client.ts';
import { png } from '../../testing/png.ts';
import { type CloudinaryEmulator, startCloudinary } from '../emulator.ts';

describe('without a CDN', () => {
  let emulator: CloudinaryEmulator;
  beforeAll(async () => {
    emulator = await startCloudinary();
    await upload(emulator, { public_id: 'folder/my photo' }, png('photo'));
    await upload(emulator, { public_id: 'my_path/x' }, png('underscore'));
    await upload(emulator, { public_id: 'name.jpg' }, png('extension'));
    await upload(emulator, { public_id: 'note.txt' }, Buffer.from('note'), { type: 'raw' });
  });
  afterAll(() => emulator.stop());
  const get = (path: string, init?: RequestInit) => ask(`${emulator.url}/demo/${path}`, init);

  test.each([
    'image/upload/v1/folder/my%20photo.png',
    'image/upload/v999999/folder/my%20photo',
    'image/upload/folder/my%20photo.webp',
    'image/upload/f_auto,q_auto/v1/folder/my%20photo',
    'image/upload/s--abcdefgh--/w_100,c_fill/e_sepia/v1/folder/my%20photo.jpg',
    'image/upload/v1/folder/my%20photo.png?_a=ABC',
  ])('delivers %s', async (path) => {
    const response = await fetch(`${emulator.url}/demo/${path}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(md5(bytes)).toBe(md5(png('photo')));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.length),
      etag: `"${md5(bytes)}"`,
      'cache-control': expect.stringContaining('max-age='),
    });
  });

  test('HEAD answers the same headers and no body; a known etag is 304', async () => {
    const head = await get('image/upload/v1/folder/my%20photo.png', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers.get('content-length')).toBe(String(png('photo').length));
    const etag = head.headers.get('etag') ?? '';
    const known = await get('image/upload/v1/folder/my%20photo.png', {
      headers: { 'if-none-match': `W/${etag}` },
    });
    expect(known).toMatchObject({ status: 304, text: '' });
  });

  test('raw files keep their extension and their own place', async () => {
    expect(await get('raw/upload/v1/note.txt')).toMatchObject({ status: 200, text: 'note' });
    expect((await get('image/upload/v1/note.txt')).status).toBe(404);
  });

  test('an image named with an extension needs it twice', async () => {
    expect((await get('image/upload/v1/name.jpg')).status).toBe(404);
    expect((await get('image/upload/v1/name.jpg.jpg')).status).toBe(200);
  });

  test('a first element that looks like a transformation needs a version before it', async () => {
    expect((await get('image/upload/v1/my_path/x.png')).status).toBe(200);
    const answer = await get('image/upload/my_path/x.png');
    expect(answer).toMatchObject({ status: 400, message: 'Invalid transformation component - my_path' });
  });

  test('what is not there is 404, with the name in a header', async () => {
    const answer = await get('image/upload/v1/folder/none.png');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('x-cld-error')).toBe('Resource not found - folder/none');
    expect((await ask(`${emulator.url}/other/image/upload/v1/folder/my%20photo`)).status).toBe(404);
    expect((await ask(`${emulator.url}/demo/image/upload/%E0%A4%A`)).status).toBe(400);
    expect((await ask(`${emulator.url}/`)).status).toBe(404);
  });
});

describe('behind a CDN', () => {
  const deliver = async (emulator: CloudinaryEmulator, path: string) => {
    const response = await fetch(`${emulator.url}/demo/image/upload/${path}`);
    return response.status === 200 ? md5(new Uint8Array(await response.arrayBuffer())) : response.status;
  };

  test('a copy stays until it is invalidated; a new URL shows the new bytes', async () => {
    await using emulator = await startCloudinary({ cdn: true });
    await upload(emulator, { public_id: 'a' }, png('old'));
    expect(await deliver(emulator, 'v1/a.png')).toBe(md5(png('old')));
    await upload(emulator, { public_id: 'a' }, png('new'));
    expect(await deliver(emulator, 'v1/a.png')).toBe(md5(png('old')));
    expect(await deliver(emulator, 'v2/a.png')).toBe(md5(png('new')));
    await upload(emulator, { public_id: 'a', invalidate: 'true' }, png('newer'));
    expect(await deliver(emulator, 'v1/a.png')).toBe(md5(png('newer')));
  });

  test('a deleted asset is still served; invalidation misses a URL with slashes and no version', async () => {
    await using emulator = await startCloudinary({ cdn: true });
    await upload(emulator, { public_id: 'f/a' }, png());
    await deliver(emulator, 'v1/f/a');
    await deliver(emulator, 'f/a');
    await post(emulator, 'image/destroy', toForm({ public_id: 'f/a', invalidate: '1' }));
    expect(await deliver(emulator, 'v1/f/a')).toBe(404);
    expect(await deliver(emulator, 'f/a')).toBe(md5(png()));
  });
});
