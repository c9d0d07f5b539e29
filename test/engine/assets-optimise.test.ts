/** Pictures that are made smaller on the way: on this machine, or by the store. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CloudinaryEmulator, startCloudinary } from 'local-cloud';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import { deliveryUrl } from '../../packages/overseed/src/url.ts';
import { type AssetSite, openAssetSite } from '../support/asset-site.ts';

let cloud: CloudinaryEmulator;
beforeAll(async () => {
  cloud = await startCloudinary();
});
afterAll(() => cloud.stop());

const SCHEMA =
  'CREATE TABLE home (id TEXT PRIMARY KEY, photo TEXT, url TEXT, pid TEXT, w INTEGER, h INTEGER, size INTEGER, kind TEXT)';
const COLUMNS = {
  path: 'photo',
  url: 'url',
  publicId: 'pid',
  width: 'w',
  height: 'h',
  bytes: 'size',
  format: 'kind',
};
const FEW = { path: 'photo', url: 'url', publicId: 'pid', format: 'kind' };
const ROWS = { home: [{ id: 'a', photo: 'photo.jpg' }] };

/** 600 × 400 with a camera's name in it. */
async function photograph(site: AssetSite, background = '#c84'): Promise<void> {
  const picture = sharp({ create: { width: 600, height: 400, channels: 3, background } });
  const bytes = await picture
    .withExif({ IFD0: { Make: 'Telephone' } })
    .jpeg()
    .toBuffer();
  writeFileSync(path.join(site.root, 'photo.jpg'), bytes);
}

async function bytesAt(url: unknown): Promise<Buffer> {
  const response = await fetch(String(url));
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

describe('on this machine', () => {
  test('rows and store hold what was made; the second push makes, asks and writes nothing', async () => {
    await using site = await openAssetSite(cloud, 'local', SCHEMA);
    await photograph(site);
    const columns = {
      home: [site.declare({ ...COLUMNS, optimise: { maxWidth: 300, format: 'webp', quality: 50 } })],
    };
    expect((await site.push(ROWS, columns)).outcome.status).toBe('applied');
    const [[url, pid, width, height, size, kind] = []] = await site.rows(
      'SELECT url, pid, w, h, size, kind FROM home',
    );
    const bytes = await bytesAt(url);
    expect([width, height, size, kind]).toEqual([300n, 200n, BigInt(bytes.byteLength), 'webp']);
    expect(bytes.includes('Telephone')).toBe(false);
    expect(site.stored()).toMatchObject([
      { public_id: pid, format: 'webp', width: 300, bytes: bytes.byteLength },
    ]);
    const before = cloud.counters();
    expect((await site.push(ROWS, columns)).outcome.status).toBe('unchanged');
    expect(cloud.counters()).toEqual(before);
  });

  test('another quality is another picture, and the former stays (P3)', async () => {
    await using site = await openAssetSite(cloud, 'quality', SCHEMA);
    await photograph(site);
    for (const quality of [50, 90])
      await site.push(ROWS, { home: [site.declare({ ...COLUMNS, optimise: { quality } })] });
    expect(site.stored()).toHaveLength(2);
  });
});

describe('by the store', () => {
  const optimise = { maxWidth: 300, quality: 50, by: 'store' } as const;

  test('the store is told what to make, its answer is the proof, and the ledger remembers that', async () => {
    await using site = await openAssetSite(cloud, 'store', SCHEMA);
    await photograph(site);
    const columns = { home: [site.declare({ ...FEW, optimise })] };
    expect((await site.push(ROWS, columns)).outcome).toMatchObject({
      status: 'applied',
      proof: { assetsChecked: 1 },
    });
    const [stored] = site.stored();
    const sent = readFileSync(path.join(site.root, 'photo.jpg'));
    // The emulator changes the bytes as the real one does, and writes down what it was told.
    const bytes = await bytesAt((await site.rows('SELECT url FROM home'))[0]?.[0]);
    expect(bytes.byteLength).not.toBe(sent.byteLength);
    expect(bytes.toString('latin1')).toContain('c_limit,fl_force_strip,q_50,w_300');
    expect(await site.rows('SELECT public_id, etag, bytes FROM _overseed_assets')).toEqual([
      [stored?.public_id, stored?.etag, BigInt(stored?.bytes ?? 0)],
    ]);
    const before = cloud.counters();
    expect((await site.push(ROWS, columns)).outcome.status).toBe('unchanged');
    expect(cloud.counters()).toEqual(before);
    // Asked, the store has it; it is not taken for lost because its size is not that of the file.
    const { outcome } = await site.push(ROWS, columns, { recheckAssets: true });
    expect(outcome.status).toBe('unchanged');
    expect(cloud.counters().adminCalls).toBeGreaterThan(before.adminCalls);
  });

  test('what was removed there is made again under the same name', async () => {
    await using site = await openAssetSite(cloud, 'store-lost', SCHEMA);
    await photograph(site);
    const columns = { home: [site.declare({ ...FEW, optimise })] };
    await site.push(ROWS, columns);
    const [stored] = site.stored();
    const form = new URLSearchParams({ public_id: stored?.public_id ?? '' });
    await fetch(`${cloud.url}/v1_1/demo/image/destroy`, {
      method: 'POST',
      body: form,
      headers: {
        authorization: `Basic ${Buffer.from(`${cloud.apiKey}:${cloud.apiSecret}`).toString('base64')}`,
      },
    });
    expect(site.stored()).toEqual([]);
    const { outcome } = await site.push(ROWS, columns, { recheckAssets: true });
    expect(outcome).toMatchObject({ status: 'applied', uploads: { uploaded: 1 } });
    expect(site.stored()).toMatchObject([{ public_id: stored?.public_id, etag: stored?.etag }]);
  });

  test('the same file with and without is two pictures', async () => {
    await using site = await openAssetSite(
      cloud,
      'store-both',
      'CREATE TABLE home (id TEXT PRIMARY KEY, photo TEXT, url TEXT, small TEXT)',
    );
    await photograph(site);
    const columns = {
      home: [
        site.declare({ path: 'photo', url: 'url' }),
        site.declare({ path: 'photo', url: 'small', optimise }),
      ],
    };
    await site.push(ROWS, columns);
    expect(site.stored()).toHaveLength(2);
    const [[url, small] = []] = await site.rows('SELECT url, small FROM home');
    expect(await bytesAt(url)).toEqual(readFileSync(path.join(site.root, 'photo.jpg')));
    expect(await bytesAt(small)).not.toEqual(await bytesAt(url));
  });

  test('an answer that is lost is asked for again, and stores nothing twice', async () => {
    await using site = await openAssetSite(cloud, 'store-lost-answer', SCHEMA);
    await photograph(site);
    cloud.faults.set({
      kind: 'drop',
      when: 'after-commit',
      route: 'upload',
      match: 'store-lost-answer',
      times: 1,
    });
    const { outcome } = await site.push(ROWS, { home: [site.declare({ ...FEW, optimise })] });
    expect(outcome).toMatchObject({ status: 'applied', uploads: { alreadyThere: 1, retries: 1 } });
    expect(site.stored()).toHaveLength(1);
  });

  test('a store that cannot leaves it to this machine', async () => {
    await using site = await openAssetSite(cloud, 'store-folder', SCHEMA);
    await photograph(site);
    const folder = path.join(site.folder, 'public');
    const assetStore = openFolderStore({ folder, label: 'public', baseUrl: '/media', prefix: '' });
    await site.push(ROWS, { home: [site.declare({ ...FEW, optimise })] }, { assetStore });
    const [[url] = []] = await site.rows('SELECT url FROM home');
    const bytes = readFileSync(path.join(folder, String(url).slice('/media/'.length)));
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 300, height: 200 });
    expect(bytes.includes('Telephone')).toBe(false);
  });
});

test('the format that a store is told is that of the URL and of the column', async () => {
  await using site = await openAssetSite(cloud, 'store-format', SCHEMA);
  await photograph(site);
  const optimise = { format: 'jpeg', by: 'store' } as const;
  await site.push(ROWS, { home: [site.declare({ ...FEW, optimise })] });
  const [[url, kind] = []] = await site.rows('SELECT url, kind FROM home');
  expect(kind).toBe('jpg');
  expect(url).toMatch(/\.jpg$/);
  expect((await bytesAt(url)).toString('latin1')).toContain('fl_force_strip,q_auto');
});

test('a drawing is stored without what acts, and keeps its URL as long as it stays the same', async () => {
  await using site = await openAssetSite(cloud, 'drawing', SCHEMA);
  const drawing =
    '<svg xmlns="http://www.w3.org/2000/svg" width="6" height="4"><script>alert(1)</script><path d="M0 0h9"/></svg>';
  writeFileSync(path.join(site.root, 'logo.svg'), drawing);
  const rows = { home: [{ id: 'a', photo: 'logo.svg' }] };
  const columns = { home: [site.declare({ ...COLUMNS, svg: 'sanitize' })] };
  expect((await site.push(rows, columns)).outcome.status).toBe('applied');
  const [[url, width, height, kind] = []] = await site.rows('SELECT url, w, h, kind FROM home');
  expect([width, height, kind]).toEqual([6n, 4n, 'svg']);
  const stored = (await bytesAt(url)).toString();
  expect(stored).toContain('<path d="M0 0h9"/>');
  expect(stored).not.toContain('script');
  expect((await site.push(rows, columns)).outcome.status).toBe('unchanged');
});

test('deliveryUrl makes an address that the store answers', async () => {
  await using site = await openAssetSite(cloud, 'delivery', SCHEMA);
  await photograph(site);
  await site.push(ROWS, { home: [site.declare(FEW)] });
  const [[url] = []] = await site.rows('SELECT url FROM home');
  const smaller = deliveryUrl(String(url), { width: 200 });
  expect(smaller).toContain('/image/upload/c_limit,f_auto,q_auto,w_200/v1/delivery/photo-');
  expect((await fetch(smaller)).status).toBe(200);
});
