/** A file that changes between the look at it and its upload: no name may lead to other bytes than it was made from (P3). */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CloudinaryEmulator, startCloudinary } from 'local-cloud';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AssetStore } from '../../packages/overseed/src/assets/asset-store.ts';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import { type AssetSite, openAssetSite, refusal } from '../support/asset-site.ts';

let cloud: CloudinaryEmulator;
beforeAll(async () => {
  cloud = await startCloudinary();
});
afterAll(() => cloud.stop());

const SCHEMA = [
  'CREATE TABLE home (id TEXT PRIMARY KEY, photo TEXT, url TEXT)',
  "INSERT INTO home VALUES ('old','o','u')",
];
const ROWS = { home: [{ id: 'a', photo: 'photo.png' }] };

/** The store, and somebody who does something right before the first upload. */
function meanwhile(store: AssetStore, work: () => unknown): AssetStore {
  return {
    ...store,
    async prepare(assets, signal) {
      await store.prepare(assets, signal);
      await work();
    },
  };
}

const stores: readonly { name: string; open(site: AssetSite): { store: AssetStore; held(): string[] } }[] = [
  {
    name: 'cloudinary',
    open: (site) => ({ store: site.store, held: () => site.stored().map(({ public_id }) => public_id) }),
  },
  {
    name: 'folder',
    open(site) {
      const folder = path.join(site.folder, 'public');
      const store = openFolderStore({ folder, label: 'public', baseUrl: '/media', prefix: '' });
      return { store, held: () => readdirSync(folder) };
    },
  },
];

describe.each(stores)('$name', ({ name, open }) => {
  test.each([
    ['other', () => ({ create: { width: 60, height: 40, channels: 3, background: '#34c' } }) as const],
    ['larger', () => ({ create: { width: 90, height: 90, channels: 3, background: '#34c' } }) as const],
  ])('refuses %s bytes, and the next run takes the file as it is then', async (what, picture) => {
    await using site = await openAssetSite(cloud, `changed-${name}-${what}`, ...SCHEMA);
    const { store, held } = open(site);
    await site.draw('photo.png', '#c43');
    const columns = { home: [site.declare({ path: 'photo', url: 'url' })] };
    const other = await sharp(picture()).png().toBuffer();
    const assetStore = meanwhile(store, () => writeFileSync(path.join(site.root, 'photo.png'), other));
    const error = await refusal(site.push(ROWS, columns, { assetStore }));
    expect(error).toMatchObject({ code: 'ASSETS_FAILED', state: 'old' });
    expect(error.what).toContain('photo.png: changed since it was measured');
    expect(held()).toEqual([]);
    expect(await site.rows('SELECT * FROM home')).toEqual([['old', 'o', 'u']]);
    const { outcome } = await site.push(ROWS, columns, { assetStore: store });
    expect(outcome).toMatchObject({ status: 'applied', uploads: { uploaded: 1 } });
    expect(held()).toHaveLength(1);
  });

  test('names a file that is gone', async () => {
    await using site = await openAssetSite(cloud, `gone-${name}`, ...SCHEMA);
    const { store, held } = open(site);
    await site.draw('photo.png', '#c44');
    const columns = { home: [site.declare({ path: 'photo', url: 'url' })] };
    const assetStore = meanwhile(store, () => site.rename('photo.png', 'elsewhere.png'));
    const error = await refusal(site.push(ROWS, columns, { assetStore }));
    expect(error).toMatchObject({ code: 'ASSETS_FAILED', state: 'old' });
    expect(error.what).toContain('photo.png: ');
    expect(held()).toEqual([]);
  });
});
