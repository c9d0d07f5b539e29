/**
 * `init` in every kind of project, then what it says to run next. Three more kinds (a SQLite file, Drizzle without a local
 * database, Astro DB) are walked with the packed tool in `test/package/newcomer.test.ts`.
 */
import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Sqld, startSqld } from 'local-cloud';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliProject, eventsOf, makeProject } from '../support/cli-project.ts';
import { execute, query } from '../support/dump.ts';
import { expectFailure } from '../support/output.ts';

const SCHEMA = [
  'CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL)',
  'CREATE TABLE tags (name TEXT)',
];
const DRIZZLE_SCHEMA = `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { hello } from './words';
export const posts = sqliteTable('posts', { id: integer().primaryKey(), title: text().notNull().$defaultFn(() => hello) });`;

interface Kind {
  readonly name: string;
  readonly found: string;
  readonly files: Readonly<Record<string, string>>;
  /** Database file of the project that holds the rows. */
  readonly database?: string;
  readonly config: string;
  /** What a person completes after `init`. */
  readonly complete?: (project: CliProject) => Promise<void>;
}

const KINDS: readonly Kind[] = [
  {
    name: 'Drizzle with a local database',
    found: 'drizzle',
    files: {
      'package.json': '{"type":"module","dependencies":{"drizzle-orm":"*"}}',
      'drizzle.config.ts': "export default { schema: './src/db/schema.ts', dialect: 'turso' };",
      'src/db/schema.ts': DRIZZLE_SCHEMA,
      'src/db/words.ts': "export const hello = 'Hello';",
      'tsconfig.json': '{}',
    },
    database: 'local.db',
    config: 'overseed.config.ts',
  },
  {
    name: 'a folder of data',
    found: 'data',
    files: { 'package.json': '{"type":"module"}', 'data/posts.csv': 'id,title\n1,Hello\n' },
    config: 'overseed.config.js',
  },
  {
    name: 'nothing that is known',
    found: 'unknown',
    files: {},
    config: 'overseed.config.mjs',
    complete: async (project) => {
      const rows = await project.read('db/rows.mjs');
      await project.write({ 'db/rows.mjs': rows.replace('// posts:', 'posts:') });
    },
  },
];

describe.concurrent.each(KINDS)('$name', ({ found, files, database, config, complete }) => {
  let server: Sqld;
  beforeAll(async () => {
    server = await startSqld();
    await execute(server, ...SCHEMA);
  });
  afterAll(() => server.stop());

  test('from init to undo', async () => {
    await using project = await makeProject(files);
    const drizzle = path.resolve(import.meta.dirname, '../../packages/overseed/node_modules/drizzle-orm');
    await symlink(drizzle, path.join(project.folder, 'node_modules', 'drizzle-orm'));
    if (database) {
      await mkdir(path.join(project.folder, path.dirname(database)), { recursive: true });
      project.sql(
        database,
        ...SCHEMA,
        "INSERT INTO posts VALUES (1, 'Hello')",
        "INSERT INTO tags VALUES ('a')",
      );
    }
    const [event] = eventsOf(await project.run('init --json'));
    expect(event).toMatchObject({ kind: 'initialized', found });
    expect(event?.files).toEqual(expect.arrayContaining([config]));
    const written = await project.read(config);
    // It is a template to be read: no line is too long, and nothing of it is a secret.
    expect(Math.max(...written.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);

    const again = await project.run('init');
    expectFailure(again, { exitCode: 4, names: [`${config} is there already`] });
    expect(await project.read(config)).toBe(written);

    await complete?.(project);
    expect(await project.run('doctor production')).toMatchObject({ exitCode: 1, stderr: '' });
    await project.write({
      '.env.production': `TURSO_DATABASE_URL=${server.url}\nTURSO_AUTH_TOKEN=${server.token}\n`,
    });
    expect(await project.run('doctor production')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await project.run('plan production --detailed-exitcode')).toMatchObject({ exitCode: 2 });
    expect(await project.run('push production')).toMatchObject({ exitCode: 3 });
    expect(await project.run('push production --confirm production')).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect(await query(server, 'SELECT * FROM posts')).toEqual([{ id: 1n, title: 'Hello' }]);
    expect(await project.run('verify production')).toMatchObject({ exitCode: 0, stderr: '' });
    await execute(server, "UPDATE posts SET title='by hand'");
    expect(await project.run('push production --force --confirm production')).toMatchObject({ exitCode: 0 });
    expect(await project.run('undo production --force --confirm production')).toMatchObject({ exitCode: 0 });
    expect(await query(server, 'SELECT title FROM posts')).toEqual([{ title: 'by hand' }]);
    expect(eventsOf(await project.run('history production --json'))).toHaveLength(3);
  });
});

test('what the template lists as an example is no row: nothing is pushed before somebody wrote some', async () => {
  await using project = await makeProject();
  project.sql('local.db', ...SCHEMA);
  await project.run('init');
  // A database that is there is a source, so this one is a template only without it.
  expect(await project.read('overseed.config.mjs')).toContain("source: 'local.db'");
  await using empty = await makeProject();
  await empty.run('init');
  empty.sql('local.db', ...SCHEMA);
  expectFailure(await empty.run('plan'), { exitCode: 4, names: ['db/rows.mjs has no table in scope'] });
});

test('dev: a cloud to try it on, in an env file that goes when it is written anew', async () => {
  await using project = await makeProject({
    'overseed.config.json': JSON.stringify({ source: 'data', targets: { dev: {} } }),
    'data/posts.csv': 'id,title\n1,Hello\n',
    '.env.mine': 'A=1',
  });
  expectFailure(await project.run('dev --write-env .env.mine'), {
    exitCode: 4,
    names: ['.env.mine is there already'],
  });
  expect(await project.read('.env.mine')).toBe('A=1');
  const abort = Promise.withResolvers<void>();
  const running = project.run('dev --write-env .env.dev --json', { interruptAt: abort.promise });
  try {
    await expect
      .poll(() => project.read('.env.dev').catch(() => ''), { timeout: 20_000 })
      .toContain('TURSO_DATABASE_URL');
    const env = await project.read('.env.dev');
    const value = (name: string) => new RegExp(`^${name}="(.*)"$`, 'm').exec(env)?.[1] ?? '';
    await execute({ url: value('TURSO_DATABASE_URL'), token: value('TURSO_AUTH_TOKEN') }, ...SCHEMA);
    expect(await project.run('push dev')).toMatchObject({ exitCode: 0, stderr: '' });
  } finally {
    abort.resolve();
  }
  const ended = await running;
  expect(ended).toMatchObject({ exitCode: 130, stderr: '' });
  expect(eventsOf(ended).map(({ kind }) => kind)).toEqual(['cloud-started', 'cloud-stopped']);
  expect(await project.run('plan dev')).toMatchObject({ exitCode: 1 });
});

test.each([
  ['push --st', 'push', '--strategy'],
  ['push --strategy ', '--strategy', 'inline delta swap swap-indexed swap-gradual'],
  ['pu', 'overseed', 'push pull'],
  ['doctor --so', 'doctor', '--source'],
])('bash completes `overseed %s`', async (typed, previous, expected) => {
  await using project = await makeProject();
  const { stdout: script } = await project.run('completion bash');
  await project.write({ 'completion.bash': script });
  const words = ['overseed', ...typed.split(' ')];
  const shell = `source completion.bash; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _overseed; echo "\${COMPREPLY[*]}"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', shell], { cwd: project.folder });
  expect(stdout.trim(), previous).toBe(expected);
});
