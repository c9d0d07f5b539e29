/** The main job without Astro, on a file and on a real server: push, verify, push again, change, undo, restore. */
import { type Sqld, startSqld } from 'local-cloud';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliProject, eventsOf, makeProject } from '../support/cli-project.ts';
import { query } from '../support/dump.ts';
import { messageOf } from '../support/output.ts';

const SCHEMA = [
  'CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, live BOOLEAN)',
  'CREATE TABLE tags (post INTEGER NOT NULL REFERENCES posts(id), name TEXT NOT NULL)',
  'CREATE TABLE visits (day TEXT)',
];
const SEED = `import { defineSource } from 'overseed';
import { tags } from './tags';
interface Post { id: number; title: string; live: boolean }
export default defineSource<{ posts: Post; tags: object }>({
  posts: [{ id: 1, title: 'Hello', live: true }, { id: 2, title: 'World', live: false }],
  tags,
});`;
const TAGS = `export async function* tags(): AsyncGenerator<object> { yield { post: 1, name: 'a' }; yield { post: 2, name: 'b' }; }`;
const CONFIG = `import { defineConfig } from 'overseed';
export default defineConfig({
  source: 'db/seed.ts',
  targets: { local: { url: 'file:local.db' }, production: { urlVariable: 'SHOP_URL', tokenVariable: 'SHOP_TOKEN' } },
  expect: { posts: 2 },
});`;

const places = ['local', 'production'] as const;
let server: Sqld;
let project: CliProject;

beforeAll(async () => {
  server = await startSqld();
  project = await makeProject({
    'overseed.config.ts': CONFIG,
    'db/seed.ts': SEED,
    'db/tags.ts': TAGS,
    '.env.production': `SHOP_URL=${server.url}\nSHOP_TOKEN=${server.token}\n`,
  });
  project.sql('local.db', ...SCHEMA, "INSERT INTO visits VALUES ('monday')");
  for (const sql of [...SCHEMA, "INSERT INTO visits VALUES ('monday')"]) await query(server, sql);
});
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await server.stop();
});

const rowsOf = async (place: (typeof places)[number], sql: string): Promise<unknown[][]> =>
  place === 'local'
    ? project.rows('local.db', sql)
    : (await query(server, sql)).map((row) => Object.values(row));

describe.each(places)('on %s', (place) => {
  test('plan shows, and changes nothing', async () => {
    const { exitCode, stdout, stderr } = await project.run(`plan ${place} --detailed-exitcode`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
    expect(stdout).toMatch(/posts +2 +· +· +·\n +tags +2/);
    expect(await rowsOf(place, 'SELECT count(*) FROM posts')).toEqual([[0n]]);
  });

  test('push fills an empty target; the second writes nothing', async () => {
    const first = await project.run(`push ${place}`);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toMatch(/^Done in/m);
    expect(await rowsOf(place, 'SELECT id, title, live FROM posts ORDER BY id')).toEqual([
      [1n, 'Hello', 1n],
      [2n, 'World', 0n],
    ]);
    const again = await project.run(`push ${place}`);
    expect(again).toMatchObject({ exitCode: 0, stderr: '' });
    expect(again.stdout).toContain('Nothing to do');
    expect(await project.run(`plan ${place} --detailed-exitcode`)).toMatchObject({ exitCode: 0 });
  });

  test('data that is there is replaced only with --force, and undo brings it back', async () => {
    const change = "UPDATE posts SET title='by hand' WHERE id=2";
    if (place === 'local') project.sql('local.db', change);
    else await query(server, change);
    expect(await project.run(`verify ${place}`)).toMatchObject({ exitCode: 1 });

    const refused = await project.run(`push ${place}`);
    expect(refused.exitCode).toBe(3);
    expect(refused.stdout).toContain('Add --force to replace it');
    expect(await project.run(`push ${place} --force --dry-run`)).toMatchObject({ exitCode: 0 });
    expect(await rowsOf(place, 'SELECT title FROM posts WHERE id=2')).toEqual([['by hand']]);

    const pushed = await project.run(`push ${place} --force --columns`);
    expect(pushed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(pushed.stdout).toMatch(/replaced +1 row of posts/);
    expect(pushed.stdout).toMatch(/title +new in 1 row/);
    expect(await project.run(`verify ${place}`)).toMatchObject({ exitCode: 0, stderr: '' });
    const backup = /backup +(\S+\.db)/.exec(pushed.stdout)?.[1] ?? '';

    expect(await project.run(`undo ${place} --force`)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await rowsOf(place, 'SELECT title FROM posts WHERE id=2')).toEqual([['by hand']]);
    expect(await project.run(`undo ${place} --force`)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await rowsOf(place, 'SELECT title FROM posts WHERE id=2')).toEqual([['World']]);
    expect(await project.run(['restore', backup, place, '--force'])).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect(await rowsOf(place, 'SELECT title FROM posts WHERE id=2')).toEqual([['by hand']]);
    expect(await rowsOf(place, 'SELECT day FROM visits')).toEqual([['monday']]);
  });

  test('history lists what was done, newest first', async () => {
    const runs = eventsOf(await project.run(`history ${place} --json`));
    expect(runs.map(({ kind, targetName }) => [kind, targetName])).toEqual(
      Array(5).fill(['recorded-run', place]),
    );
    const sources = runs.map(({ source }) => String(source).replace(/.*\d{8}-.*/, 'a backup'));
    expect(sources).toEqual(['a backup', 'a backup', 'a backup', 'db/seed.ts', 'db/seed.ts']);
    expect(eventsOf(await project.run(`history ${place} --json --limit 1`))).toEqual(runs.slice(0, 1));
  });
});

const json = (more: object) => ({
  'overseed.config.json': JSON.stringify({ targets: { local: { url: 'file:local.db' } }, ...more }),
});

test('undo without anything to undo', async () => {
  await using other = await makeProject(json({}));
  expect(await other.run('undo --force')).toMatchObject({ exitCode: 1 });
  other.sql('local.db', ...SCHEMA);
  const nothing = await other.run('undo --force');
  expect(nothing).toMatchObject({ exitCode: 4 });
  expect(nothing.stderr).toContain('There is no backup of local.db');
});

test('a backup of a run on another machine is not confused with one that is here', async () => {
  await using other = await makeProject({ ...json({ source: 'data' }), 'data/visits.csv': 'day\nfriday\n' });
  other.sql('local.db', ...SCHEMA, "INSERT INTO visits VALUES ('monday')");
  expect(await other.run('push --force')).toMatchObject({ exitCode: 0 });
  // Somebody elsewhere pushes: the run is recorded on the target, its backup is not here.
  other.sql(
    'local.db',
    "INSERT INTO _overseed_runs VALUES ('20991231-000000-abcdef','2099-12-31T00:00:00Z','elsewhere',1,0,0,0)",
  );
  const undone = await other.run('undo --force');
  expect(undone.exitCode).toBe(4);
  expect(messageOf(undone)).toContain('run 20991231-000000-abcdef');
  expect(other.rows('local.db', 'SELECT day FROM visits')).toEqual([['friday']]);
});

test('a plan that was saved is pushed as it is, or not at all', async () => {
  await using other = await makeProject({ ...json({ source: 'data' }), 'data/visits.csv': 'day\nfriday\n' });
  other.sql('local.db', ...SCHEMA, "INSERT INTO visits VALUES ('monday')");
  const planned = await other.run('plan --out plan.json');
  expect(planned).toMatchObject({ exitCode: 0, stderr: '' });
  expect(planned.stdout).toContain('plan.json');
  await other.write({ 'data/visits.csv': 'day\nsunday\n' });
  expect(await other.run('push --plan plan.json --force')).toMatchObject({ exitCode: 3 });
  await other.write({ 'data/visits.csv': 'day\nfriday\n' });
  expect(await other.run('push --plan plan.json')).toMatchObject({ exitCode: 3 });
  expect(await other.run('push --plan plan.json --force')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(other.rows('local.db', 'SELECT day FROM visits')).toEqual([['friday']]);
  expect(await other.run('push --out plan.json --force')).toMatchObject({ exitCode: 4 });
});
