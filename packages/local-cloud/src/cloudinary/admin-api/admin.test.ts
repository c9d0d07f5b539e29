import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { admin, basic, post, publicIdsOf, toForm, upload } from '../../testing/client.ts';
import { png } from '../../testing/png.ts';
import { type CloudinaryEmulator, startCloudinary } from '../emulator.ts';
import type { CloudinaryOptions } from '../settings.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** An emulator that holds `count` assets, `item/000` and so on, the even ones tagged `even`. */
async function withAssets(count: number, options: CloudinaryOptions = {}): Promise<CloudinaryEmulator> {
  const emulator = await startCloudinary({ uploadConcurrency: 50, adminPerHour: 10_000, ...options });
  const names = Array.from({ length: count }, (_, i) => `item/${String(i).padStart(3, '0')}`);
  for (let start = 0; start < count; start += 25) {
    await Promise.all(
      names
        .slice(start, start + 25)
        .map((public_id, i) =>
          upload(emulator, { public_id, tags: (start + i) % 2 === 0 ? 'even' : '' }, png()),
        ),
    );
  }
  return emulator;
}

/** Like `withAssets`, but quick for many: one upload, whose journal entry is then repeated under other names. */
async function withCopies(count: number): Promise<CloudinaryEmulator> {
  const dataDir = mkdtempSync(join(tmpdir(), 'local-cloud-copies-'));
  folders.push(dataDir);
  const original = await startCloudinary({ dataDir });
  await upload(original, { public_id: 'item/0' }, png());
  await original.stop();
  const journal = join(dataDir, 'assets.jsonl');
  const entry = readFileSync(journal, 'utf8');
  const names = Array.from({ length: count }, (_, i) => `"item/${i}"`);
  writeFileSync(journal, names.map((name) => entry.replaceAll('"item/0"', name)).join(''));
  return startCloudinary({ dataDir });
}

const ids = (count: number) => Array.from({ length: count }, (_, i) => `public_ids[]=item/${i}`).join('&');

describe('who may call', () => {
  test.each([
    ['no credentials', () => undefined, 'Authorization Required'],
    [
      'a wrong secret',
      ({ apiKey }: CloudinaryEmulator) => basic({ apiKey, apiSecret: 'x' }),
      'api_secret mismatch',
    ],
    [
      'a wrong key',
      ({ apiSecret }: CloudinaryEmulator) => basic({ apiKey: '1', apiSecret }),
      'Invalid api_key',
    ],
    ['broken credentials', () => 'Basic !!', 'Invalid api_key'],
    ['OAuth', () => 'Bearer x', /OAuth/],
  ])('refused with 401: %s', async (_name, authorization, message) => {
    await using emulator = await startCloudinary();
    const value = authorization(emulator);
    const answer = await admin(emulator, 'ping', {
      headers: value === undefined ? {} : { authorization: value },
    });
    expect(answer.status).toBe(401);
    expect(answer.message).toMatch(message);
    expect(emulator.counters().adminCalls).toBe(0);
  });

  test('what is not emulated says so', async () => {
    await using emulator = await startCloudinary();
    for (const path of [
      'folders',
      'resources/video',
      'resources/image/private',
      'resources/image?start_at=x',
    ]) {
      expect(await admin(emulator, path), path).toMatchObject({ status: 400, message: /does not emulate/ });
    }
    expect(await admin(emulator, 'resources', { method: 'PUT' })).toMatchObject({ status: 400 });
  });
});

describe('the hourly allowance', () => {
  test('each call spends one; then 420 says when to try again; the next hour is new', async () => {
    await using emulator = await startCloudinary({ adminPerHour: 2 });
    const first = await admin(emulator, 'ping');
    expect(first.headers.get('x-featureratelimit-limit')).toBe('2');
    expect(first.headers.get('x-featureratelimit-remaining')).toBe('1');
    const reset = new Date(first.headers.get('x-featureratelimit-reset') ?? '');
    expect(reset.getTime() % 3_600_000).toBe(0);
    await admin(emulator, 'ping');
    const refused = await admin(emulator, 'usage');
    expect(refused.status).toBe(420);
    expect(refused.message).toBe(
      `Rate Limit Exceeded. Limit of 2 api operations reached. Try again on ${reset.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    );
    expect(refused.headers.get('x-featureratelimit-remaining')).toBe('0');
    emulator.faults.set({ kind: 'clock-skew', ms: 3_600_000 });
    expect(await admin(emulator, 'ping')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  test('uploads, destroy and tags cost nothing', async () => {
    await using emulator = await startCloudinary({ adminPerHour: 0 });
    await upload(emulator, { public_id: 'a' }, png());
    expect(await post(emulator, 'image/destroy', toForm({ public_id: 'a' }))).toMatchObject({
      body: { result: 'ok' },
    });
    expect((await admin(emulator, 'ping')).status).toBe(420);
  });
});

describe('lists', () => {
  test('ten by default, five hundred at most, and by prefix in order', async () => {
    await using emulator = await withAssets(12);
    const first = await admin(emulator, 'resources/image/upload?prefix=item/');
    expect(publicIdsOf(first)).toEqual(Array.from({ length: 10 }, (_, i) => `item/00${i}`));
    expect((await admin(emulator, 'resources/image?max_results=501')).status).toBe(400);
    expect(publicIdsOf(await admin(emulator, 'resources/image?max_results=500'))).toHaveLength(12);
    expect(publicIdsOf(await admin(emulator, 'resources/image?prefix=none'))).toEqual([]);
    expect(publicIdsOf(await admin(emulator, 'resources/raw'))).toEqual([]);
  });

  test('items carry bytes and no etag; tags only when asked; fields narrow them down', async () => {
    await using emulator = await withAssets(1);
    const [plain] = (await admin(emulator, 'resources/image')).body.resources as object[];
    expect(plain).toMatchObject({ bytes: png().length, format: 'png' });
    expect(plain).not.toHaveProperty('etag');
    expect(plain).not.toHaveProperty('tags');
    const [tagged] = (await admin(emulator, 'resources/image?tags=true')).body.resources as object[];
    expect(tagged).toHaveProperty('tags', ['even']);
    const [narrow] = (await admin(emulator, 'resources/image?fields=bytes,etag')).body.resources as object[];
    expect(Object.keys(narrow ?? {}).sort()).toEqual(['asset_id', 'bytes', 'public_id']);
  });

  test.each(['prefix=item/', ''])(
    'deleting while walking skips nothing and repeats nothing (%s)',
    async (filter) => {
      await using emulator = await withAssets(30);
      const seen: string[] = [];
      let cursor: unknown = '';
      do {
        const page = await admin(
          emulator,
          `resources/image?max_results=7&${filter}&next_cursor=${String(cursor)}`,
        );
        seen.push(...publicIdsOf(page));
        for (const public_id of publicIdsOf(page))
          await post(emulator, 'image/destroy', toForm({ public_id }));
        cursor = page.body.next_cursor;
      } while (cursor !== undefined);
      expect([...seen].sort()).toEqual(
        Array.from({ length: 30 }, (_, i) => `item/${String(i).padStart(3, '0')}`),
      );
    },
  );

  test('a cursor of another list, or nonsense, is refused', async () => {
    await using emulator = await withAssets(2);
    const { body } = await admin(emulator, 'resources/image?max_results=1&prefix=item/');
    for (const cursor of [body.next_cursor, 'nonsense']) {
      const answer = await admin(emulator, `resources/image?prefix=other&next_cursor=${String(cursor)}`);
      expect(answer).toMatchObject({ status: 400, message: 'Invalid value for parameter next_cursor' });
    }
  });

  test('by tag, by ids, by asset ids, and one in full', async () => {
    await using emulator = await withAssets(4);
    const even = await admin(emulator, 'resources/image/tags/even');
    expect(publicIdsOf(even).sort()).toEqual(['item/000', 'item/002']);
    const two = 'public_ids[]=item/001&public_ids[]=gone';
    expect(publicIdsOf(await admin(emulator, `resources/image/upload?${two}`))).toEqual(['item/001']);
    expect((await admin(emulator, `resources/image/upload?${ids(101)}`)).message).toMatch(/Maximum is 100/);
    const one = await admin(emulator, 'resources/image/upload/item/003');
    expect(one.body).toMatchObject({ public_id: 'item/003', etag: emulator.assets()[3]?.etag, derived: [] });
    const byAsset = await admin(emulator, `resources/by_asset_ids?asset_ids[]=${String(one.body.asset_id)}`);
    expect(publicIdsOf(byAsset)).toEqual(['item/003']);
    expect(await admin(emulator, 'resources/image/upload/gone')).toMatchObject({
      status: 404,
      message: 'Resource not found - gone',
    });
  });

  test('search finds what it knows, and learns late', async () => {
    await using emulator = await startCloudinary({ searchLagMs: 60_000 });
    await upload(emulator, { public_id: 'new/a', tags: 'x' }, png());
    const search = (expression: string) =>
      admin(emulator, `resources/search?expression=${encodeURIComponent(expression)}`);
    expect((await search('public_id:new/*')).body.total_count).toBe(0);
    const skew = emulator.faults.set({ kind: 'clock-skew', ms: 61_000 });
    expect((await search('public_id:new/* AND tags="x"')).body.total_count).toBe(1);
    expect((await search('tags=y')).body.total_count).toBe(0);
    emulator.faults.clear(skew);
    await post(emulator, 'image/destroy', toForm({ public_id: 'new/a' }));
    expect((await search('public_id=new/a')).body.total_count).toBe(1);
    expect((await search('bytes > 10')).message).toMatch(/does not emulate this search/);
  });
});

describe('deleting', () => {
  const remove = (emulator: CloudinaryEmulator, path: string, parameters = '') =>
    admin(emulator, path, {
      method: 'DELETE',
      headers: { authorization: basic(emulator), 'content-type': 'application/x-www-form-urlencoded' },
      body: parameters,
    });

  test('by ids: at most a hundred, and each says what became of it', async () => {
    await using emulator = await withAssets(2);
    const { body } = await remove(
      emulator,
      'resources/image/upload',
      'public_ids[]=item/000&public_ids[]=gone',
    );
    expect(body).toEqual({ deleted: { 'item/000': 'deleted', gone: 'not_found' }, partial: false });
    expect((await remove(emulator, 'resources/image/upload', ids(101))).status).toBe(400);
    expect((await remove(emulator, 'resources/image/upload')).message).toMatch(/public_ids, prefix or all/);
    expect(emulator.assets()).toHaveLength(1);
    const assetId = (await admin(emulator, 'resources/image/upload/item/001')).body.asset_id as string;
    expect((await remove(emulator, 'resources', `asset_ids[]=${assetId}`)).body.deleted).toEqual({
      [assetId]: 'deleted',
    });
    expect(readdirSync(join(emulator.dataDir, 'objects'))).toEqual([]);
  });

  test('by prefix: a thousand at a time, then partial with a cursor', async () => {
    await using emulator = await withCopies(1_005);
    const first = await remove(emulator, 'resources/image/upload?prefix=item/');
    expect(Object.keys(first.body.deleted as object)).toHaveLength(1_000);
    expect(first.body).toMatchObject({ partial: true, next_cursor: expect.any(String) });
    const next = `resources/image/upload?prefix=item/&next_cursor=${String(first.body.next_cursor)}`;
    const second = await remove(emulator, next);
    expect(Object.keys(second.body.deleted as object)).toHaveLength(5);
    expect(second.body.partial).toBe(false);
    expect(emulator.assets()).toEqual([]);
  });

  test('by tag, and all', async () => {
    await using emulator = await withAssets(4);
    expect((await remove(emulator, 'resources/image/tags/even')).body.deleted).toEqual({
      'item/000': 'deleted',
      'item/002': 'deleted',
    });
    expect(
      Object.keys((await remove(emulator, 'resources/image/upload', 'all=true')).body.deleted as object),
    ).toEqual(['item/001', 'item/003']);
    expect(await remove(emulator, 'resources/image/upload', 'all=true&keep_original=true')).toMatchObject({
      status: 400,
    });
  });

  test.each([
    [true, { public_id: 'item/000' }],
    [false, { error: 'no_backup' }],
  ])('restore with backup %s', async (backup, expected) => {
    await using emulator = await withAssets(1, { backup });
    await remove(emulator, 'resources/image/upload', 'public_ids[]=item/000');
    const { body } = await admin(emulator, 'resources/image/upload/restore', {
      method: 'POST',
      headers: { authorization: basic(emulator), 'content-type': 'application/json' },
      body: JSON.stringify({ public_ids: ['item/000'] }),
    });
    expect(body['item/000']).toMatchObject(expected);
    expect(emulator.assets()).toHaveLength(backup ? 1 : 0);
  });
});

describe('changing many', () => {
  test('tags reaches a thousand ids and refuses more', async () => {
    await using emulator = await withAssets(3);
    const call = (count: number) => {
      const public_ids = Array.from({ length: count }, (_, i) => `item/${String(i).padStart(3, '0')}`);
      return post(emulator, 'image/tags', toForm({ command: 'add', tag: 'old', public_ids }));
    };
    expect((await call(1_000)).body.public_ids).toEqual(['item/000', 'item/001', 'item/002']);
    expect(await call(1_001)).toMatchObject({ status: 400, message: /Maximum is 1000/ });
    const replace = toForm({ command: 'replace', tag: 'a,b', public_ids: ['item/000'] });
    await post(emulator, 'image/tags', replace);
    expect(emulator.assets()[0]?.tags).toEqual(['a', 'b']);
    expect((await post(emulator, 'image/tags', toForm({ command: 'nope', tag: 'a' }))).status).toBe(400);
  });

  test('explicit and rename of nothing are 404', async () => {
    await using emulator = await startCloudinary();
    expect((await post(emulator, 'image/explicit', toForm({ public_id: 'x' }))).status).toBe(404);
    const rename = toForm({ from_public_id: 'x', to_public_id: 'y' });
    expect((await post(emulator, 'image/rename', rename)).message).toBe('Resource not found - x');
  });
});
