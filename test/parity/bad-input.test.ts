/** Bad input: one clear message that names what is wrong, a non-zero exit, and an untouched target. */
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type LocalCloud, startLocalCloud, startSqld } from 'local-cloud';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { images } from '../../examples/real-estate/db/data/images.ts';
import { properties } from '../../examples/real-estate/db/data/properties.ts';
import { dumpFolder } from '../support/dump.ts';
import { freePort } from '../support/free-port.ts';
import { type CloudState, fillWithOlderState, stateOf } from '../support/older-site.ts';
import { expectFailure, type Failure } from '../support/output.ts';
import { makeSite, type SiteOptions } from '../support/site.ts';

const FORCE_REMOTE = 'db execute db/seed.ts --remote --force';

let cloud: LocalCloud;
let closedPort: number;
/** What every attempt must leave as it is. */
let before: CloudState;

beforeAll(async () => {
  cloud = await startLocalCloud();
  closedPort = await freePort();
  await using site = await makeSite({ env: cloud.env });
  expect(await site.astro('db push --remote')).toMatchObject({ exitCode: 0 });
  await fillWithOlderState(cloud);
  before = await stateOf(cloud);
});

afterAll(() => cloud.stop());

interface Attempt extends Failure {
  readonly when: string;
  readonly site?: SiteOptions;
  readonly command?: string;
  /** Added to the environment of the cloud; null takes a variable away. */
  readonly env?: () => Record<string, string | null>;
}

async function attempt({ site: options = {}, command = FORCE_REMOTE, env, ...failure }: Attempt) {
  await using site = await makeSite(options);
  const files = await dumpFolder(site.folder, ['node_modules']);
  const result = await site.astro(command, { env: { ...cloud.env, ...env?.() } });
  expectFailure(result, failure);
  expect(await stateOf(cloud)).toEqual(before);
  // A backup may have been made by then; nothing else may be left behind, above all no bundle of Astro's.
  expect(await dumpFolder(site.folder, ['node_modules', '.overseed'])).toEqual(files);
}

const environments: readonly Attempt[] = [
  {
    when: 'no database is configured',
    env: () => ({ ASTRO_DB_REMOTE_URL: null, ASTRO_DB_APP_TOKEN: null, TURSO_DATABASE_URL: null }),
    exitCode: 4,
    names: ['ASTRO_DB_REMOTE_URL', 'TURSO_DATABASE_URL', '.env', 'The target was not contacted.'],
  },
  {
    when: 'the token is missing',
    env: () => ({ ASTRO_DB_APP_TOKEN: null, TURSO_AUTH_TOKEN: null }),
    exitCode: 1,
    names: [/127\.0\.0\.1:\d+ asks for a token/, 'ASTRO_DB_APP_TOKEN'],
  },
  {
    when: 'Cloudinary is not configured: all three variables are named at once',
    env: () => ({
      CLOUDINARY_URL: null,
      CLOUDINARY_CLOUD_NAME: null,
      CLOUDINARY_API_KEY: null,
      CLOUDINARY_API_SECRET: null,
    }),
    exitCode: 4,
    names: [
      'CLOUDINARY_CLOUD_NAME, CLOUDINARY_API_KEY, CLOUDINARY_API_SECRET are not set',
      '.env',
      'The target was not contacted.',
    ],
  },
  {
    when: 'one Cloudinary variable is empty: it alone is named',
    env: () => ({ CLOUDINARY_API_SECRET: '' }),
    exitCode: 4,
    names: ['configured: CLOUDINARY_API_SECRET is not set'],
  },
  {
    when: 'the address of the database is malformed',
    env: () => ({ ASTRO_DB_REMOTE_URL: 'mi base de datos' }),
    exitCode: 4,
    names: ['ASTRO_DB_REMOTE_URL is not the address', 'libsql://', 'The target was not contacted.'],
  },
  {
    when: 'the token is wrong',
    env: () => ({ ASTRO_DB_APP_TOKEN: 'not.the.token' }),
    exitCode: 1,
    names: [/127\.0\.0\.1:\d+ refused the token \(HTTP 401/, 'Check ASTRO_DB_APP_TOKEN'],
  },
  {
    when: 'the token only reads: it is noticed before any file is uploaded',
    env: () => ({ ASTRO_DB_APP_TOKEN: cloud.database.readOnlyToken }),
    exitCode: 1,
    names: [
      /The token may read 127\.0\.0\.1:\d+, but not write to it \(HTTP 403/,
      'Set ASTRO_DB_APP_TOKEN',
      'A dry run works',
    ],
  },
  {
    when: 'nothing listens at the address of the database',
    env: () => ({ ASTRO_DB_REMOTE_URL: `http://127.0.0.1:${closedPort}` }),
    exitCode: 1,
    names: [/127\.0\.0\.1:\d+ could not be reached: .*ECONNREFUSED/],
  },
  {
    when: 'the host of the database does not exist',
    env: () => ({ ASTRO_DB_REMOTE_URL: 'libsql://no-such-host.invalid' }),
    exitCode: 1,
    names: ['no-such-host.invalid could not be reached', 'Check the address'],
  },
  {
    when: 'the Cloudinary secret is wrong',
    env: () => ({ CLOUDINARY_API_SECRET: 'wrong', CLOUDINARY_URL: null }),
    exitCode: 1,
    names: ['Cloudinary refused the credentials for the cloud "demo"', 'CLOUDINARY_API_SECRET'],
  },
  {
    when: 'a flag is mistyped',
    command: 'db execute db/seed.ts --remote --forse',
    exitCode: 4,
    names: ['--forse is not a known flag (did you mean --force?)', 'The target was not contacted.'],
  },
];

const PICTURE = images[100] ?? { image: '', id: '' };
const IMAGE = images[5] ?? { image: '', id: '' };
const PROPERTY = properties[7] ?? { id: '' };
const NOWHERE = '00000000-0000-4000-8000-000000000000';

/** A site in which one row of `table`, which `list` holds, has `changes`. */
function changedRow(table: string, list: string, index: number, changes: string): SiteOptions {
  const rows = `${list}.map((row, index) => (index === ${index} ? { ...row, ${changes} } : row)) as never`;
  return { edits: { 'db/seed.ts': { [`rows(${table}, ${list})`]: `rows(${table}, ${rows})` } } };
}

const mediaFiles: readonly Attempt[] = [
  {
    when: 'an image file is missing',
    site: { files: { [`images/${PICTURE.image}`]: null } },
    exitCode: 4,
    names: [`PropertiesImages.image (id=${PICTURE.id}): ${PICTURE.image} is missing`],
  },
  {
    when: 'an image file is empty',
    site: { files: { [`images/${PICTURE.image}`]: '' } },
    exitCode: 4,
    names: [`PropertiesImages.image (id=${PICTURE.id}): ${PICTURE.image} is empty`],
  },
  {
    when: 'an image file is not an image',
    site: { files: { [`images/${PICTURE.image}`]: 'Lo siento, no soy una foto.' } },
    exitCode: 4,
    names: [`PropertiesImages.image (id=${PICTURE.id}): ${PICTURE.image} is not an image`],
  },
  {
    when: 'paths lead out of the folder of the images, whatever the rules of the site say',
    site: {
      edits: {
        'db/seed.ts': {
          '  rules,\n': '',
          'rows(PropertiesImages, images)':
            "rows(PropertiesImages, images.map((row, index) => ({ ...row, image: ['../public/favicon.svg', '/etc/hostname'][index] ?? row.image })))",
        },
      },
    },
    exitCode: 4,
    names: [
      `PropertiesImages.image (id=${images[0]?.id}): ../public/favicon.svg leads out of`,
      `PropertiesImages.image (id=${images[1]?.id}): /etc/hostname is an absolute path`,
    ],
  },
];

const rows: readonly Attempt[] = [
  {
    when: 'two rows have the same UUID',
    site: changedRow('PropertiesImages', 'images', 5, 'id: images[3]?.id'),
    exitCode: 4,
    names: ['db/seed.ts has 1 problem:', `PropertiesImages.id (id=${images[3]?.id})`, 'is a duplicate key'],
  },
  {
    when: 'a foreign key points to no row',
    site: changedRow('PropertiesImages', 'images', 5, `propertyId: '${NOWHERE}'`),
    exitCode: 4,
    names: [`PropertiesImages.propertyId (id=${IMAGE.id}): "${NOWHERE}" points to no row of Properties.id`],
  },
  {
    when: 'a UUID is malformed',
    site: changedRow('PropertiesImages', 'images', 5, "id: 'foto-5'"),
    exitCode: 4,
    names: ['PropertiesImages.id (id=foto-5): "foto-5" breaks a rule: Invalid UUID'],
  },
  {
    when: 'there are fewer rows than expected',
    site: { edits: { 'db/seed.ts': { 'Images, images)': 'Images, images.slice(1))' } } },
    exitCode: 4,
    names: ['PropertiesImages (all rows): number 179, and 180 were expected'],
  },
  {
    when: 'a row has a column that the table does not have',
    site: changedRow('Properties', 'properties', 7, 'precio: 1'),
    exitCode: 4,
    names: [`Properties.precio (id=${PROPERTY.id}): is not a column of this table`],
  },
  {
    when: 'a date is invalid',
    site: changedRow('Properties', 'properties', 7, "listedAt: new Date('ayer')"),
    exitCode: 4,
    names: [`Properties.listedAt (id=${PROPERTY.id})`, 'date'],
  },
  {
    when: 'values have the wrong type or break a rule: all of them are listed',
    site: changedRow(
      'PropertiesImages',
      'images',
      5,
      "propertyId: 5, isMigrated: 'no', image: 'Foto 5.webp'",
    ),
    exitCode: 4,
    names: ['isMigrated', 'propertyId', 'image'].map(
      (column) => `PropertiesImages.${column} (id=${IMAGE.id})`,
    ),
  },
];

describe('one clear message and an untouched target, when', () => {
  test.each(environments)('$when', attempt);
  test.each(mediaFiles)('$when', attempt);
  test.each(rows)('$when', attempt);

  test('a link in the folder of the images leads out of it', async () => {
    await using site = await makeSite({ files: { [`images/${PICTURE.image}`]: null } });
    const outside = path.join(site.folder, '..', 'secreto.webp');
    await writeFile(outside, await site.read(`images/${IMAGE.image}`));
    await symlink(outside, path.join(site.folder, 'images', PICTURE.image));
    const result = await site.astro(FORCE_REMOTE, { env: cloud.env });
    expectFailure(result, { exitCode: 4, names: [`(id=${PICTURE.id}): ${PICTURE.image} leads out of`] });
    expect(await stateOf(cloud)).toEqual(before);
  });

  test('the schema was never pushed', async () => {
    await using empty = await startSqld();
    await using site = await makeSite({ env: cloud.env });
    const result = await site.astro(FORCE_REMOTE, {
      env: { ASTRO_DB_REMOTE_URL: empty.url, ASTRO_DB_APP_TOKEN: empty.token },
    });
    expectFailure(result, {
      exitCode: 4,
      names: [
        `127.0.0.1:${empty.port}`,
        'Categories: there is no such table',
        'PropertyCategories: there is no such table',
        'astro db push --remote',
      ],
    });
    expect(await stateOf(cloud)).toEqual(before);
  });
});
