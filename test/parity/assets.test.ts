/** Asset columns as a site declares them, through Astro: on the remote, at the start of a build, and mistyped. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type LocalCloud, startLocalCloud } from 'local-cloud';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localDatabase, query } from '../support/dump.ts';
import { expectFailure } from '../support/output.ts';
import { makeSite, type Site } from '../support/site.ts';

const FORCE_REMOTE = 'db execute db/seed.ts --remote --force';
const DONE = "done: 'isMigrated',";

let cloud: LocalCloud;
let site: Site;

beforeAll(async () => {
  cloud = await startLocalCloud();
  site = await makeSite({
    env: cloud.env,
    edits: {
      'db/config.ts': {
        'isMigrated: column.boolean({ default: false }),': `isMigrated: column.boolean({ default: false }),
          pixelWidth: column.number({ optional: true }), pixelHeight: column.number({ optional: true }),
          fileBytes: column.number({ optional: true }), fileFormat: column.text({ optional: true }),
          blurred: column.text({ optional: true }),`,
      },
      'db/seed.ts': {
        [DONE]: `${DONE} width: 'pixelWidth', height: 'pixelHeight', bytes: 'fileBytes', format: 'fileFormat',
          placeholder: 'blurred', optimise: { maxWidth: 120, format: 'jpeg', quality: 40 },`,
      },
    },
  });
  expect(await site.astro('db push --remote')).toMatchObject({ exitCode: 0 });
});

afterAll(async () => {
  await site[Symbol.asyncDispose]();
  await cloud.stop();
});

/** What the rows say of their pictures, by each way to say it; and how many there are. */
const TOLD = `SELECT pixelWidth, pixelHeight, fileFormat, count(*) AS pictures, min(length(blurred)) > 20 AS areBlurred,
  min(fileBytes) > 300 AS areFiles, count(DISTINCT cloudinaryUrl) AS urls FROM PropertiesImages GROUP BY 1, 2, 3`;
const EXPECTED = [
  {
    pixelWidth: 120n,
    pixelHeight: 80n,
    fileFormat: 'jpg',
    pictures: 180n,
    areBlurred: 1n,
    areFiles: 1n,
    urls: 180n,
  },
];

test('the remote receives smaller pictures and all that was asked to be told of them, once', async () => {
  expect(await site.astro(FORCE_REMOTE)).toMatchObject({ exitCode: 0 });
  expect(await query(cloud.database, TOLD)).toEqual(EXPECTED);
  const stored = cloud.cloudinary.assets();
  expect(stored).toHaveLength(180);
  for (const { format, width } of stored) expect({ format, width }).toEqual({ format: 'jpg', width: 120 });
  const before = cloud.cloudinary.counters();
  const again = await site.astro(FORCE_REMOTE);
  expect(again).toMatchObject({ exitCode: 0 });
  expect(again.stdout).toMatch(/no row differs/);
  expect(cloud.cloudinary.counters()).toEqual(before);
});

test('`astro build` does the same with the folder of the site, quietly', async () => {
  const result = await site.astro('build');
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await query(localDatabase(site.folder), TOLD)).toEqual(EXPECTED);
  const media = path.join(site.folder, 'dist', 'media');
  const files = await readdir(media);
  expect(files).toHaveLength(180);
  expect(await sharp(path.join(media, files[0] ?? '')).metadata()).toMatchObject({
    format: 'jpeg',
    width: 120,
  });
});

test('what is mistyped is told at once, with the nearest word, before anything is contacted', async () => {
  await using mistyped = await makeSite({
    env: cloud.env,
    edits: { 'db/seed.ts': { [DONE]: "dnoe: 'isMigrated', optimise: { maxWith: 120, quality: 'good' }," } },
  });
  const before = cloud.cloudinary.counters();
  expectFailure(await mistyped.astro(FORCE_REMOTE), {
    exitCode: 4,
    names: [
      'The asset columns have 3 problems:',
      'assets.tables.PropertiesImages.dnoe: is not a known key',
      'assets.tables.PropertiesImages.optimise.maxWith: is not a known key (did you mean maxWidth?)',
      'assets.tables.PropertiesImages.optimise.quality: is "good", and must be a whole number from 1 to 100',
      'The target was not contacted.',
    ],
  });
  expect(cloud.cloudinary.counters()).toEqual(before);
});

test('a column that the database does not have is told with the nearest one', async () => {
  await using unknown = await makeSite({
    env: cloud.env,
    edits: { 'db/seed.ts': { "url: 'cloudinaryUrl'": "url: 'cloudinaryURI'" } },
  });
  expectFailure(await unknown.astro(FORCE_REMOTE), {
    exitCode: 4,
    names: ['PropertiesImages.cloudinaryURI (url): there is no such column (did you mean cloudinaryUrl?)'],
  });
});
