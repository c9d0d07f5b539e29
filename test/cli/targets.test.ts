/** Which database a command means: configurations, env files, addresses; and what a token may do there. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Sqld, startSqld } from 'local-cloud';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomPicture } from '../../packages/overseed/src/util/random-picture.ts';
import { type CliProject, eventsOf, makeProject } from '../support/cli-project.ts';
import { execute, query } from '../support/dump.ts';
import { expectFailure, messageOf } from '../support/output.ts';

const SCHEMA = 'CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL)';
const DATA = { 'data/posts.csv': 'id,title\n1,Hello\n' };
const json = (more: object = {}) =>
  JSON.stringify({ source: 'data', targets: { local: { url: 'file:local.db' } }, ...more });

async function shop(files: Record<string, string>): Promise<CliProject> {
  const project = await makeProject({ ...DATA, ...files });
  project.sql('local.db', SCHEMA);
  return project;
}

describe('the configuration', () => {
  const code = `export default ${json()};`;

  test.each([
    [
      'overseed.config.ts',
      `import { defineConfig } from 'overseed'; export default defineConfig(${json()});`,
    ],
    ['overseed.config.mts', code],
    ['overseed.config.mjs', code],
    ['overseed.config.js', code],
    ['overseed.config.json', json({ $schema: './node_modules/overseed/config.schema.json' })],
  ])('%s is found, also from a folder below', async (name, content) => {
    await using project = await shop({ [name]: content, 'deep/er/x.txt': '' });
    expect(await project.run('push', { cwd: 'deep/er' })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(project.rows('local.db', 'SELECT title FROM posts')).toEqual([['Hello']]);
  });

  test('two of them are one too many; --config chooses', async () => {
    await using project = await shop({ 'overseed.config.json': json(), 'overseed.config.mjs': code });
    expectFailure(await project.run('plan'), {
      exitCode: 4,
      names: ['two configurations', 'overseed.config.mjs and overseed.config.json'],
    });
    expect(await project.run('plan --config overseed.config.mjs')).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ['overseed.config.json', '{ "source": ', 'is not JSON'],
    ['overseed.config.mjs', 'export const config = {};', 'has no default export'],
    ['overseed.config.mjs', 'export default {', 'cannot be run'],
    ['overseed.config.ts', 'import x from "nowhere"; export default x;', "Cannot find package 'nowhere'"],
  ])('%s with %j is refused', async (name, content, words) => {
    await using project = await shop({ [name]: content });
    expectFailure(await project.run('plan'), { exitCode: 4, names: [words] });
  });

  test('what is missing in the environment is said at once, database and store together', async () => {
    const assets = { store: 'cloudinary', tables: { posts: { from: 'i', path: 'title', url: 'title' } } };
    await using project = await shop({
      'overseed.config.json': json({ targets: { production: {} }, assets }),
    });
    expectFailure(await project.run('plan production'), {
      exitCode: 4,
      names: [
        'ASTRO_DB_REMOTE_URL or TURSO_DATABASE_URL',
        'CLOUDINARY_CLOUD_NAME, CLOUDINARY_API_KEY, CLOUDINARY_API_SECRET',
      ],
    });
  });
});

describe('on a server', () => {
  let server: Sqld;
  const targets = {
    local: { url: 'file:local.db' },
    staging: { urlVariable: 'DB_URL', tokenVariable: 'DB_TOKEN' },
    production: { urlVariable: 'DB_URL', tokenVariable: 'DB_TOKEN' },
    named: { urlVariable: 'DB_URL', tokenVariable: 'DB_TOKEN', envFile: 'secrets.env' },
    all: ['local', 'production'],
  };

  beforeAll(async () => {
    server = await startSqld();
    await execute(server, SCHEMA);
  });
  afterAll(() => server.stop());

  const variables = () => `DB_URL=${server.url}\nDB_TOKEN=${server.token}\n`;

  test('each target reads its own env file, and nothing of another slips in', async () => {
    await using project = await shop({
      'overseed.config.json': json({ targets }),
      '.env.staging': variables(),
      '.env': `DB_TOKEN=${server.token}`,
      '.env.production': 'OTHER=1',
    });
    expect(await project.run('plan staging')).toMatchObject({ exitCode: 0, stderr: '' });
    // .env.production is there, so .env is not looked at: its address might be another's.
    await project.write({ '.env': variables() });
    expectFailure(await project.run('plan production'), {
      exitCode: 4,
      names: ['needs DB_URL', 'the environment and .env.production'],
    });
    expect(await project.run('plan production --env .env.staging')).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expectFailure(await project.run('plan named'), { exitCode: 4, names: ['there is no secrets.env file'] });
    await project.write({ 'secrets.env': variables() });
    expect(await project.run('plan named')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('the environment wins over an env file, and says so where they differ', async () => {
    await using project = await shop({
      'overseed.config.json': json({ targets }),
      '.env.staging': `DB_URL=libsql://elsewhere.example\nDB_TOKEN=x\n`,
    });
    const env = { DB_URL: server.url, DB_TOKEN: server.token };
    const { exitCode, stdout } = await project.run('plan staging', { env });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('! DB_URL of the environment is used, not the one in the env file of staging.');
    expect(stdout).toContain(`staging (127.0.0.1:${server.port})`);
    const doctor = await project.run('doctor staging', { env });
    expect(doctor).toMatchObject({ exitCode: 1, stderr: '' });
    expect(doctor.stdout).toMatch(/✘ DB_URL +is set in the environment/);
  });

  test.each(['ws', 'http'])('%s:// is an address too', async (scheme) => {
    const url = server.url.replace('http', scheme);
    await using project = await shop({ 'overseed.config.json': json({ targets: { local: { url } } }) });
    expect(await project.run('plan', { env: { TURSO_AUTH_TOKEN: server.token } })).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  });

  test('a variable may hold file: as Turso has it for development', async () => {
    await using project = await shop({ 'overseed.config.json': json({ targets: { dev: {} } }) });
    expect(await project.run('push dev', { env: { TURSO_DATABASE_URL: 'file:local.db' } })).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  });

  test('a token that may only read is enough for plan and verify; push and doctor say what is wrong', async () => {
    await using project = await shop({
      'overseed.config.json': json({ targets }),
      '.env.staging': variables().replace(server.token, server.readOnlyToken),
    });
    expect(await project.run('plan staging --detailed-exitcode')).toMatchObject({ exitCode: 2, stderr: '' });
    expect(await project.run('verify staging')).toMatchObject({ exitCode: 1, stderr: '' });
    const pushed = await project.run('push staging --force');
    expect(pushed.exitCode).toBe(1);
    expect(messageOf(pushed)).toContain('DB_TOKEN');
    expect(pushed.stdout + pushed.stderr).not.toContain(server.readOnlyToken);
    const doctor = await project.run('doctor staging');
    expect(doctor.exitCode).toBe(1);
    expect(doctor.stdout).toMatch(/✘ permission +The token may read \S+ but not write/);
    expect(
      await query(server, "SELECT count(*) AS n FROM sqlite_schema WHERE name LIKE '_overseed%'"),
    ).toEqual([{ n: 0n }]);
  });

  test('a fleet: an outcome for each, one exit code, events that say of whom', async () => {
    await using project = await shop({
      'overseed.config.json': json({ targets }),
      '.env.production': variables(),
    });
    const result = await project.run('push all --json');
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const finished = eventsOf(result).filter(({ kind }) => kind === 'run-finished');
    expect(
      finished.map(({ targetName, outcome }) => [targetName, (outcome as { status: string }).status]).sort(),
    ).toEqual([
      ['local', 'applied'],
      ['production', 'applied'],
    ]);
    expect(await project.run('verify local production')).toMatchObject({ exitCode: 0, stderr: '' });
    project.sql('local.db', "UPDATE posts SET title='?'");
    expect(await project.run('verify all')).toMatchObject({ exitCode: 1 });
    expect(await project.run('plan all --detailed-exitcode')).toMatchObject({ exitCode: 2 });
    expect(await project.run('push all')).toMatchObject({ exitCode: 3 });
    await project.write({ '.env.production': `DB_URL=${server.url}\nDB_TOKEN=a.b.c\n` });
    const failed = await project.run('push all --force --json');
    expect(failed.exitCode).toBe(1);
    expect(eventsOf(failed).filter(({ kind }) => kind === 'run-failed')).toEqual([
      expect.objectContaining({ targetName: 'production', code: 'TARGET_AUTH' }),
    ]);
    expect(project.rows('local.db', 'SELECT title FROM posts')).toEqual([['Hello']]);
  });
});

describe('copies', () => {
  const RICH = [
    'CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, score REAL)',
    'CREATE INDEX by_title ON posts(title)',
    'CREATE TRIGGER keep AFTER DELETE ON posts BEGIN INSERT INTO log VALUES (old.title); END',
    'CREATE TABLE log (what TEXT)',
    'CREATE TABLE __drizzle_migrations (id)',
    "INSERT INTO posts VALUES (1, 'a', 0.1), (2, 'b', 9e999)",
    "INSERT INTO log VALUES ('first')",
  ];

  test('pull: the tables of the source with indexes; with --all every table but bookkeeping', async () => {
    await using project = await makeProject({ ...DATA, 'overseed.config.json': json() });
    project.sql('local.db', ...RICH);
    expect(await project.run('pull --out copy.db')).toMatchObject({ exitCode: 0, stderr: '' });
    const names = (file: string) => project.rows(file, 'SELECT name FROM sqlite_schema ORDER BY name').flat();
    expect(names('copy.db')).toEqual(['by_title', 'keep', 'posts']);
    expect(project.rows('copy.db', 'SELECT * FROM posts')).toEqual(
      project.rows('local.db', 'SELECT * FROM posts'),
    );
    expectFailure(await project.run('pull --out copy.db --all'), {
      exitCode: 4,
      names: ['copy.db is there already', '--force'],
    });
    expect(await project.run('pull --out copy.db --all --force')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(names('copy.db')).toEqual(['by_title', 'keep', 'log', 'posts']);
    expectFailure(await project.run('pull --force'), {
      exitCode: 4,
      names: ['local.db is the target itself'],
    });
    expect(names('local.db')).toContain('log');
  });

  test('a copy is a source: what was pulled can be pushed elsewhere', async () => {
    await using project = await makeProject({
      'overseed.config.json': json({
        source: 'copy.db',
        targets: { local: { url: 'file:local.db' }, other: { url: 'file:other.db' } },
      }),
    });
    project.sql('local.db', ...RICH);
    project.sql('other.db', ...RICH.filter((sql) => sql.startsWith('CREATE')));
    expect(await project.run('pull --out copy.db --all')).toMatchObject({ exitCode: 0 });
    expect(await project.run('push other')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(project.rows('other.db', 'SELECT * FROM posts')).toEqual(
      project.rows('local.db', 'SELECT * FROM posts'),
    );
  });

  test('pull --assets: the images of the rows come along, and both together are a source', async () => {
    await using project = await makeProject({
      'data/photos.json': JSON.stringify([{ id: 1, image: 'rooms/a.png' }]),
      'overseed.config.json': json({
        assets: {
          store: { kind: 'folder', folder: 'public/media', baseUrl: '/media' },
          tables: { photos: { from: 'images', path: 'image', url: 'url' } },
        },
      }),
    });
    project.sql('local.db', 'CREATE TABLE photos (id INTEGER PRIMARY KEY, image TEXT, url TEXT)');
    const picture = randomPicture({ width: 3, height: 3 });
    await project.write({ 'images/rooms/a.png': picture });
    expect(await project.run('push')).toMatchObject({ exitCode: 0 });
    const pulled = await project.run('pull --out copy.db --assets kept');
    expect(pulled).toMatchObject({ exitCode: 0, stderr: '' });
    expect(pulled.stdout).toMatch(/1 file \(\d+ B\) in kept/);
    expect(readFileSync(path.join(project.folder, 'kept/rooms/a.png'))).toEqual(picture);
    expect((await project.run('pull --out copy.db --assets kept --force --json')).stdout).toContain(
      '"alreadyThere":1',
    );
  });

  test('backup stays when others are thinned out, and restore puts it back', async () => {
    await using project = await makeProject({
      ...DATA,
      'overseed.config.json': json({ backups: { keep: 1, folder: 'safe' } }),
    });
    project.sql('local.db', ...RICH);
    const made = await project.run('backup --json');
    const file = String(eventsOf(made).at(-1)?.file);
    expect(file).toMatch(/safe[/\\]local\.db[/\\]\S+\.asked\.db$/);
    for (const title of ['one', 'two', 'three']) {
      await project.write({ 'data/posts.csv': `id,title\n1,${title}\n` });
      expect(await project.run('push --force')).toMatchObject({ exitCode: 0 });
    }
    expect(await project.run('undo --force')).toMatchObject({ exitCode: 0 });
    expect(project.rows('local.db', 'SELECT title FROM posts')).toEqual([['two']]);
    expect(await project.run(['restore', file, 'local', '--force'])).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect(project.rows('local.db', 'SELECT id, title, score FROM posts ORDER BY id')).toEqual([
      [1n, 'a', 0.1],
      [2n, 'b', Infinity],
    ]);
    // Backups hold people's data: they do not belong into a repository.
    expect(await project.read('safe/.gitignore')).toBe('*\n');
  });
});
