/** Every row of the table "Data": what the remote holds after a push. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type LocalCloud, startLocalCloud } from 'local-cloud';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { categories } from '../../examples/real-estate/db/data/categories.ts';
import { images } from '../../examples/real-estate/db/data/images.ts';
import { properties } from '../../examples/real-estate/db/data/properties.ts';
import { propertyCategories } from '../../examples/real-estate/db/data/property-categories.ts';
import { closingQuery, FINAL_STATE } from '../support/closing-query.ts';
import { dumpDatabase, query } from '../support/dump.ts';
import { runCommand } from '../support/run-command.ts';
import { makeSite, type Site } from '../support/site.ts';

const EXAMPLE = path.resolve(import.meta.dirname, '../../examples/real-estate');
const FORCE_REMOTE = 'db execute db/seed.ts --force --remote';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Run by `astro db execute`: reads every row as a page of the site would, and compares it with the seed. */
const READ_BACK = `
import { isDeepStrictEqual } from 'node:util';
import { Categories, db, Properties, PropertiesImages, PropertyCategories } from 'astro:db';
import { categories } from '../data/categories.ts';
import { images } from '../data/images.ts';
import { properties } from '../data/properties.ts';
import { propertyCategories } from '../data/property-categories.ts';

const sorted = (rows) => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
const withoutStore = ({ cloudinaryUrl, cloudinaryPublicId, isMigrated, ...row }) => row;

export default async function () {
  const pictures = await db.select().from(PropertiesImages);
  const homes = await db.select().from(Properties);
  const equal = {
    categories: isDeepStrictEqual(sorted(await db.select().from(Categories)), sorted(categories)),
    properties: isDeepStrictEqual(sorted(homes), sorted(properties)),
    images: isDeepStrictEqual(sorted(pictures.map(withoutStore)), sorted(images.map(withoutStore))),
    propertyCategories: isDeepStrictEqual(sorted(await db.select().from(PropertyCategories)), sorted(propertyCategories)),
    dates: homes.every(({ listedAt }) => listedAt instanceof Date),
    booleans: homes.every(({ isFeatured }) => typeof isFeatured === 'boolean'),
    json: homes.every(({ features }) => Array.isArray(features)),
    migrated: pictures.every(({ isMigrated }) => isMigrated === true),
  };
  console.log('EQUAL ' + JSON.stringify(equal));
}
`;

let cloud: LocalCloud;
let site: Site;

beforeAll(async () => {
  cloud = await startLocalCloud();
  site = await makeSite({ env: cloud.env, files: { 'db/scripts/read-back.ts': READ_BACK } });
  expect(await site.astro('db push --remote')).toMatchObject({ exitCode: 0 });
  expect(await site.astro(FORCE_REMOTE)).toMatchObject({ exitCode: 0, stderr: '' });
});

afterAll(async () => {
  await site[Symbol.asyncDispose]();
  await cloud.stop();
});

test('the closing query of the note returns 11, 60, 180, 180', async () => {
  expect(await closingQuery(cloud.database)).toEqual(FINAL_STATE);
});

test('there are 11 categories, 3 parents with 8 children', async () => {
  const rows = await query(cloud.database, 'SELECT id, parentId FROM Categories');
  const parents = rows.filter(({ parentId }) => parentId === null).map(({ id }) => id);
  const children = rows.filter(({ parentId }) => parents.includes(parentId));
  expect([parents.length, children.length]).toEqual([3, 8]);
});

test('every property has three images and one or two categories, and every key a row that it points to', async () => {
  const perProperty = await query(
    cloud.database,
    `SELECT (SELECT count(*) FROM PropertiesImages WHERE propertyId = p.id) AS images,
            (SELECT count(*) FROM PropertyCategories WHERE propertyId = p.id) AS categories FROM Properties p`,
  );
  expect(new Set(perProperty.map((row) => row.images))).toEqual(new Set([3n]));
  expect(new Set(perProperty.map((row) => row.categories))).toEqual(new Set([1n, 2n]));
  expect(await query(cloud.database, 'SELECT * FROM pragma_foreign_key_check')).toEqual([]);
});

test('every key is a valid UUID, and no two are the same', async () => {
  const tables = ['Categories', 'Properties', 'PropertiesImages', 'PropertyCategories'];
  const keys = await query(
    cloud.database,
    tables.map((table) => `SELECT id FROM ${table}`).join(' UNION ALL '),
  );
  expect(keys.filter(({ id }) => !UUID.test(String(id)))).toEqual([]);
  expect(new Set(keys.map(({ id }) => id)).size).toBe(11 + 60 + 180 + propertyCategories.length);
});

test('PropertiesImages has exactly the columns of the note', async () => {
  const columns = await query(cloud.database, "SELECT name FROM pragma_table_info('PropertiesImages')");
  expect(columns.map(({ name }) => name)).toEqual([
    'id',
    'image',
    'propertyId',
    'cloudinaryUrl',
    'cloudinaryPublicId',
    'isMigrated',
  ]);
});

test('every URL answers with the very bytes of the local file, and isMigrated is 1', async () => {
  const rows = await query(
    cloud.database,
    'SELECT image, cloudinaryUrl, cloudinaryPublicId, isMigrated FROM PropertiesImages',
  );
  const stored = new Set(cloud.cloudinary.assets().map(({ public_id }) => public_id));
  const hashes = await Promise.all(
    rows.map(async ({ image, cloudinaryUrl, cloudinaryPublicId, isMigrated }) => {
      const answer = await fetch(String(cloudinaryUrl));
      const [remote, local] = [
        Buffer.from(await answer.arrayBuffer()),
        await readFile(path.join(EXAMPLE, 'images', String(image))),
      ];
      return {
        type: answer.headers.get('content-type'),
        same: local.equals(remote),
        stored: stored.has(String(cloudinaryPublicId)),
        isMigrated,
      };
    }),
  );
  const right = { type: 'image/webp', same: true, stored: true, isMigrated: 1n };
  expect(hashes).toEqual(Array.from({ length: 180 }, () => right));
});

test('the 180 pictures are all different', () => {
  expect(new Set(cloud.cloudinary.assets().map(({ etag }) => etag)).size).toBe(180);
});

test('read through Astro DB, every value is that of the seed: dates, booleans, JSON, decimals', async () => {
  const { exitCode, stdout } = await site.astro('db execute db/scripts/read-back.ts --remote');
  expect(exitCode).toBe(0);
  const verdict = JSON.parse(/^EQUAL (.*)$/m.exec(stdout)?.[1] ?? '{}') as Record<string, boolean>;
  expect(verdict).toEqual({
    categories: true,
    properties: true,
    images: true,
    propertyCategories: true,
    dates: true,
    booleans: true,
    json: true,
    migrated: true,
  });
});

test('the rows are the same in another process, in another time zone and language', async () => {
  const script = `
    const names = ['categories', 'properties', 'images', 'property-categories'];
    const modules = await Promise.all(names.map((name) => import('./db/data/' + name + '.ts')));
    process.stdout.write(JSON.stringify(modules.map((module) => Object.values(module))));`;
  const rowsIn = async (env: Record<string, string>) => {
    const options = { cwd: EXAMPLE, env, timeoutMs: 20_000 };
    const result = await runCommand(process.execPath, ['--input-type=module', '-e', script], options);
    expect(result.exitCode).toBe(0);
    return result.stdout;
  };
  const [here, there] = await Promise.all([
    rowsIn({ TZ: 'Europe/Madrid', LANG: 'es_ES.UTF-8' }),
    rowsIn({ TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8' }),
  ]);
  expect(here).toContain(properties[59]?.id);
  expect(there).toBe(here);
});

test('P8: pushed from another copy of the site there is nothing to do', async () => {
  const before = await dumpDatabase(cloud.database);
  const { uploadRequests } = cloud.cloudinary.counters();
  await using other = await makeSite({ env: cloud.env });
  const { exitCode, stdout } = await other.astro(FORCE_REMOTE);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Nothing to do:');
  expect(await dumpDatabase(cloud.database)).toEqual(before);
  expect(cloud.cloudinary.counters().uploadRequests).toBe(uploadRequests);
});

test('the values are those of a believable market', () => {
  expect([categories.length, properties.length, images.length]).toEqual([11, 60, 180]);
  expect(new Set(properties.map(({ title }) => title)).size).toBe(60);
  expect(properties.some(({ title }) => /[áéíóúñ]/.test(title))).toBe(true);
  for (const { price, areaM2, latitude, longitude, features, listedAt } of properties) {
    expect(price / areaM2).toBeGreaterThan(900);
    expect(price / areaM2).toBeLessThan(20_000);
    expect([Math.floor(latitude), Math.ceil(longitude) <= -3]).toEqual([36, true]);
    expect(features.length).toBeGreaterThan(0);
    expect(listedAt.getTime()).toBeGreaterThan(Date.UTC(2020, 0, 1));
  }
});
