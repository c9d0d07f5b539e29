/** The guide is followed to the letter, on a copy of the first example that a real server has the rows of. */
import { readFile, rename, symlink, unlink } from 'node:fs/promises';
import path from 'node:path';
import { type LocalCloud, startLocalCloud } from 'local-cloud';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DatabaseDump, dumpDatabase, dumpFolder, query, withoutBooks } from '../support/dump.ts';
import { makeSite, type Site, secretsOf } from '../support/site.ts';
import { follow } from './follow-guide.ts';
import { readGuide } from './read-guide.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const GUIDE = path.join(ROOT, 'docs/guides/from-astro-db-to-drizzle.md');
const EXAMPLE = path.join(ROOT, 'examples/real-estate-drizzle');
const NAMES = /^(ASTRO_DB|CLOUDINARY_(CLOUD|API|UPLOAD|DELIVERY))_/;
/** The table in which Drizzle keeps its own books. */
const MIGRATIONS = /__drizzle_migrations/;

let cloud: LocalCloud;
let site: Site;
let before: DatabaseDump;
let backup: string;
const steps = readFile(GUIDE, 'utf8').then(readGuide);

/** The sections of the guide whose headings begin with these numbers. */
async function followSections(...numbers: readonly number[]): Promise<string> {
  const wanted = (await steps).filter(({ section }) => numbers.includes(Number.parseInt(section, 10)));
  expect(new Set(wanted.map(({ section }) => section)).size).toBe(numbers.length);
  const packagesOf = path.join(EXAMPLE, 'package.json');
  const secrets = secretsOf(cloud.env);
  return follow(wanted, { folder: site.folder, packagesOf, secrets, words: { FILE: backup } });
}

beforeAll(async () => {
  cloud = await startLocalCloud();
  const lines = Object.entries(cloud.env)
    .filter(([name]) => NAMES.test(name))
    .map(([name, value]) => `${name}="${value}"\n`);
  site = await makeSite({ files: { '.env': lines.join('') } });
  for (const command of ['db push --remote', 'db execute db/seed.ts --remote --force', 'build --remote'])
    expect(await site.astro(command)).toMatchObject({ exitCode: 0, stderr: '' });
  await rename(path.join(site.folder, 'dist'), path.join(site.folder, 'dist-before'));
  before = await dumpDatabase(cloud.database);
});

afterAll(async () => {
  await site[Symbol.asyncDispose]();
  await cloud.stop();
});

test('from Astro 6 and Astro DB to Astro 7 and Drizzle: every step does what the guide says', async () => {
  backup = /restore (\S+\.db) /.exec(await followSections(1))?.[1] ?? expect.unreachable();
  await useToolsOf(EXAMPLE);
  await followSections(2, 3, 4, 5, 6, 7, 8);
});

test('not a value, a type, a table or an index of the database has changed', async () => {
  expect(before.tables.Properties).toHaveLength(60);
  expect(await dumpDatabase(cloud.database)).toEqual(before);
});

test('the site renders the same pages', async () => {
  const [old, now] = await Promise.all([pagesIn('dist-before'), pagesIn('dist')]);
  expect(old.size).toBe(62);
  expect([...now.keys()]).toEqual([...old.keys()]);
  // Tag by tag, and the pages that differ alone: a difference has to be found in what is printed.
  for (const [page, html] of old)
    if (now.get(page) !== html) expect(now.get(page)?.split('<'), page).toEqual(html.split('<'));
});

test('one changed row is written, and nothing else', async () => {
  await followSections(9, 10);
  const runs = await query(
    cloud.database,
    'SELECT inserted, updated, deleted, uploaded FROM _overseed_runs ORDER BY finished DESC LIMIT 1',
  );
  expect(runs).toEqual([{ inserted: 0n, updated: 1n, deleted: 0n, uploaded: 0n }]);
  const after = withoutBooks(await dumpDatabase(cloud.database));
  const { Categories: changed, ...others } = after.tables;
  const { Categories: old = [], ...same } = withoutBooks(before).tables;
  expect(others).toEqual(same);
  expect(changed?.filter((row) => !old.includes(row))).toHaveLength(1);
});

test('migrations go on from what Astro DB made, and change nothing that is there', async () => {
  await followSections(11);
  const { schema } = withoutBooks(await dumpDatabase(cloud.database));
  const ofTables = schema.filter((line) => !MIGRATIONS.test(line));
  const expected = withoutBooks(before).schema.map((line) =>
    // How SQLite itself writes down that a column was added.
    line.startsWith('table Properties:') ? line.replace(/\)$/, ', `videoUrl` text)') : line,
  );
  expect(ofTables).toEqual(expected);
});

test('what the guide writes is what the example of it holds', async () => {
  const files = (await steps).filter((step) => step.kind === 'file');
  const textOf = (name: string) => files.find(({ file }) => file === name)?.text ?? expect.unreachable();
  const example = (name: string) => readFile(path.join(EXAMPLE, name), 'utf8');
  for (const name of ['src/db/columns.ts', 'src/db/schema.ts'])
    expect(textOf(name)).toBe(await example(name));
  for (const name of ['src/db/client.ts', 'drizzle.config.ts', 'astro.config.mjs']) {
    const renamed = (await example(name))
      .replaceAll('TURSO_DATABASE_URL', 'ASTRO_DB_REMOTE_URL')
      .replaceAll('TURSO_AUTH_TOKEN', 'ASTRO_DB_APP_TOKEN');
    expect(textOf(name)).toBe(renamed);
  }
  expect(await site.read('drizzle/0000_baseline.sql')).toEqual(
    await readFile(path.join(EXAMPLE, 'drizzle/0000_baseline.sql')),
  );
});

/** The commands of the new packages; a package manager would put them there with the packages. */
async function useToolsOf(example: string): Promise<void> {
  const tools = path.join(site.folder, 'node_modules', '.bin');
  await unlink(tools);
  await symlink(path.join(example, 'node_modules', '.bin'), tools);
}

/** Every page by its path, without what two versions of a bundler do differently. */
async function pagesIn(folder: string): Promise<Map<string, string>> {
  const files = (await dumpFolder(path.join(site.folder, folder))).map((line) => line.split(' ')[0] ?? '');
  const pages = files.filter((file) => file.endsWith('.html'));
  const texts = await Promise.all(pages.map((file) => site.read(path.join(folder, file))));
  return new Map(pages.map((file, index) => [file, normalised(String(texts[index]))]));
}

function normalised(html: string): string {
  return (
    html
      // Names made from the content of files that were minified by other programs.
      .replaceAll(/\/_astro\/([\w-]+)\.[\w-]{8}\.(css|js)/g, '/_astro/$1.$2')
      .replaceAll(/(<script type="module">)[^<]*/g, '$1')
      // Space before tags that show nothing.
      .replaceAll(/\s+(?=<script|<\/html>)/g, '')
  );
}
