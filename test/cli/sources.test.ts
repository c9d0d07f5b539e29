/** Every kind of source through the real command, good and bad. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CliProject, makeProject } from '../support/cli-project.ts';
import { expectFailure, messageOf } from '../support/output.ts';

const SCHEMA = [
  'CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, score REAL, live BOOLEAN, made TIMESTAMP, cover BLOB)',
  'CREATE TABLE tags (post INTEGER REFERENCES posts(id), name TEXT NOT NULL)',
];
const ROWS = 'SELECT id, title, score, live, made, hex(cover) FROM posts ORDER BY id';
const config = (more: object) =>
  JSON.stringify({ source: 'db/seed.ts', targets: { local: { url: 'file:local.db' } }, ...more });

async function shop(files: Record<string, string | Uint8Array>, more: object = {}): Promise<CliProject> {
  const project = await makeProject({ 'overseed.config.json': config(more), ...files });
  project.sql('local.db', ...SCHEMA);
  return project;
}

describe('a seed module', () => {
  test.each([
    ['an object of rows', `export default { posts: [{ id: 1, title: 'a', live: true }] }`],
    [
      'a function that is told the target',
      `export default ({ target }: { target: string }) => ({ posts: [{ id: 1, title: target[3], live: true }] })`,
    ],
    [
      'an async function',
      `export default async () => ({ posts: async () => [{ id: 1, title: 'a', live: true }] })`,
    ],
    ['a generator', `export default { posts: function* () { yield { id: 1, title: 'a', live: true }; } }`],
    [
      'a list made with rows()',
      `import { rows } from 'overseed'; export default [rows<{ id: number }>('Posts', [{ id: 1, title: 'a', live: true }])]`,
    ],
    [
      'a module that imports as bundlers do',
      `import { all } from './all'; import { one } from './dir'; import type { X } from './types.js'; const x: X = 1; export default { posts: [...all, ...one], x: undefined as never }`.replace(
        ', x: undefined as never',
        '',
      ),
    ],
  ])('%s', async (_, seed) => {
    await using project = await shop({
      'db/seed.ts': seed,
      'db/all.ts': `export const all = [{ id: 1, title: 'a', live: true }];`,
      'db/dir/index.ts': `export const one: object[] = [];`,
      'db/types.ts': `export type X = number;`,
    });
    expect(await project.run('push')).toMatchObject({ exitCode: 0, stderr: '' });
    const [row] = project.rows('local.db', 'SELECT id, title, live FROM posts');
    expect(row).toEqual([1n, _.includes('target') ? 'a' : 'a', 1n]);
  });

  test('tables of Drizzle, with defaults of their own, and the casing of the project', async () => {
    const drizzle = path.resolve(import.meta.dirname, '../../packages/overseed/node_modules/drizzle-orm');
    const module = {
      'db/seed.ts': `
        import { blob, integer, real, sqliteTable, text } from '${drizzle}/sqlite-core/index.js';
        import { defineSource, rows } from 'overseed';
        const posts = sqliteTable('posts', {
          id: integer().primaryKey(),
          title: text().notNull().$defaultFn(() => 'untitled'),
          score: real(),
          isLive: integer('live', { mode: 'boolean' }),
          shortName: text(),
        });
        export default defineSource([rows(posts, [{ id: 1, isLive: true, score: 2, shortName: 'x' }, { id: 2, title: 'b' }])]);`,
    };
    await using project = await shop(module, { source: { module: 'db/seed.ts', casing: 'snake_case' } });
    const refused = await project.run('push');
    expectFailure(refused, { exitCode: 4, names: ['posts.live: is BOOLEAN there, integer in the source'] });
    project.sql(
      'local.db',
      'DROP TABLE tags',
      'DROP TABLE posts',
      'CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, score REAL, live INTEGER, short_name TEXT)',
    );
    expect(await project.run('push')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(project.rows('local.db', 'SELECT * FROM posts ORDER BY id')).toEqual([
      [1n, 'untitled', 2, 1n, 'x'],
      [2n, 'b', null, null, null],
    ]);
  });

  test.each([
    [
      'throws',
      `export default { posts: () => { throw new Error('no data today'); } };`,
      'db/seed.ts failed while it made the rows of posts: no data today (db/seed.ts:1).',
    ],
    [
      'throws while it is imported',
      `throw new Error('no luck');`,
      'db/seed.ts cannot be run: no luck (seed.ts:1).',
    ],
    [
      'has an enum',
      `enum A { B } export default { posts: [] };`,
      'write enums, namespaces and parameter properties in plain JavaScript',
    ],
    ['imports what is not there', `import './nothing'; export default {};`, 'Cannot find module'],
    ['imports from Astro', `import { Posts } from 'astro:db'; export default {};`, 'exist only inside Astro'],
    ['exports nothing', `export const posts = [];`, 'db/seed.ts has no default export with rows'],
    [
      'exports text',
      `export default { posts: 'all of them' };`.replace("'all of them'", '7'),
      'db/seed.ts has no rows for posts',
    ],
    [
      'exports what Astro runs',
      `import { defineSeed } from 'overseed/astro'; export default defineSeed({ tables: [] });`,
      'exports what `astro db execute` runs',
    ],
    [
      'has rows that are none',
      `export default { posts: [7, null, [1]] };`,
      'posts (row 3): is an array, not an object with columns',
    ],
    [
      'has a table that the target has not',
      `export default { articles: [] };`,
      'articles: there is no such table',
    ],
    ['has no table', `export default {};`, 'db/seed.ts has no table in scope'],
    [
      'has values that do not fit',
      `export default { posts: [{ id: 1.5, title: 'a' }, { id: 2, title: true, live: 7, made: new Map() }] };`,
      'posts.made (id=2): {} is a Map, not a value',
    ],
  ])('that %s is refused with its reason', async (_, seed, words) => {
    await using project = await shop({ 'db/seed.ts': seed });
    const result = await project.run('push');
    expectFailure(result, { exitCode: 4, names: [words] });
    expect(
      project.rows('local.db', "SELECT count(*) FROM sqlite_schema WHERE name LIKE '_overseed%'"),
    ).toEqual([[0n]]);
  });

  test('an iterator is read once; a fleet needs a function', async () => {
    const targets = { a: { url: 'file:local.db' }, b: { url: 'file:b.db' }, all: ['a', 'b'] };
    const seed = (call: string) =>
      `function* posts() { yield { id: 1, title: 'a' }; } export default { posts: posts${call} };`;
    await using project = await shop({ 'db/seed.ts': seed('()') }, { targets });
    project.sql('b.db', ...SCHEMA);
    const refused = await project.run('push all');
    expect(refused.exitCode).toBe(4);
    expect(messageOf(refused)).toContain(
      'gives the rows of posts as an iterator, which can be read only once',
    );
    await project.write({ 'db/seed.ts': seed('') });
    expect(await project.run('push all')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(project.rows('b.db', 'SELECT title FROM posts')).toEqual([['a']]);
  });
});

describe('declarations', () => {
  const CONFIG = `
    import { defineConfig } from 'overseed';
    const positive = { '~standard': { version: 1 as const, vendor: 'test', validate: (row: any) => row.score > 0 ? { value: row } : { issues: [{ message: 'must be positive', path: ['score'] }] } } };
    export default defineConfig({
      source: 'data',
      targets: { local: { url: 'file:local.db' } },
      tables: { include: ['post*', 'tags'], exclude: ['*_draft'] },
      rules: { posts: positive, Tags: ({ name }) => (name === 'x' ? ['is x', 'is short'] : undefined) },
      expect: { posts: 2 },
    });`;

  test('rules and expected numbers hold for files too, and are reported with their line', async () => {
    await using project = await makeProject({
      'overseed.config.ts': CONFIG,
      'data/posts.csv': 'id,title,score\n1,a,5\n2,b,-1\n3,c,high\n',
      'data/tags.ndjson': '{"post":1,"name":"x"}\n',
      'data/posts_draft.csv': 'id\nnonsense\n',
    });
    project.sql('local.db', ...SCHEMA);
    const result = await project.run('push');
    expectFailure(result, {
      exitCode: 4,
      names: [
        'data has 5 problems',
        'posts.score (id=2): -1 breaks a rule: must be positive (posts.csv, line 3)',
        'posts.score (id=3): "high" is not a number (posts.csv, line 4)',
        'posts (all rows): number 3, and 2 were expected',
        'tags (row 1): is x (tags.ndjson, line 1)',
        'tags (row 1): is short (tags.ndjson, line 1)',
      ],
    });
    await project.write({
      'data/posts.csv': 'id,title,score\n1,a,5\n2,b,1\n',
      'data/tags.ndjson': '{"post":1,"name":"y"}\n',
    });
    expect(await project.run('push')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('a rule for rows of a SQLite file is asked too, although they could be copied unseen', async () => {
    await using project = await makeProject({
      'overseed.config.ts': CONFIG.replace("'data'", "'source.db'").replace(', Tags:', ', tags:'),
    });
    project.sql('local.db', ...SCHEMA);
    project.sql(
      'source.db',
      ...SCHEMA,
      "INSERT INTO posts (id, title, score) VALUES (1, 'a', 1), (2, 'b', 0)",
    );
    expectFailure(await project.run('push'), {
      exitCode: 4,
      names: ['posts.score (id=2): 0 breaks a rule: must be positive'],
    });
  });
});

describe('files', () => {
  test('SQLite: also one that another program has open, in WAL mode; nothing is left beside it', async () => {
    await using project = await shop({}, { source: 'source.db' });
    project.sql(
      'source.db',
      'PRAGMA journal_mode=WAL',
      ...SCHEMA,
      "INSERT INTO posts VALUES (1, 'a', 0.1, 1, '2026-01-31', x'00ff')",
      'CREATE TABLE __drizzle_migrations (id)',
      'CREATE VIEW v AS SELECT 1',
    );
    const before = project.rows('source.db', 'PRAGMA user_version');
    expect(await project.run('push')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(project.rows('local.db', ROWS)).toEqual([[1n, 'a', 0.1, 1n, '2026-01-31', '00FF']]);
    expect(project.rows('source.db', 'PRAGMA user_version')).toEqual(before);
  });

  test('SQLite: a file that is missing, or is none', async () => {
    await using project = await shop(
      { 'notes.db': 'these are not the rows you are looking for'.repeat(100) },
      { source: 'gone.db' },
    );
    expectFailure(await project.run('push'), { exitCode: 4, names: ['There is no SQLite file gone.db'] });
    const none = await project.run('push --source notes.db');
    expect(none.exitCode).not.toBe(0);
    expect(messageOf(none)).toContain('notes.db cannot be opened as a SQLite database');
  });

  test('a dump of many tables, and its mistakes by their line', async () => {
    const dump = `PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n${SCHEMA.join(';\n')};\nINSERT INTO posts VALUES(1,'it''s; fine',1.5,1,NULL,X'00');\nINSERT INTO tags VALUES(1,'a');\nCREATE TRIGGER t AFTER INSERT ON posts BEGIN SELECT 1; END;\nCOMMIT;\n`;
    await using project = await shop({ 'dump.sql': dump }, { source: 'dump.sql' });
    expect(await project.run('push')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(project.rows('local.db', ROWS)).toEqual([[1n, "it's; fine", 1.5, 1n, null, '00']]);
    await project.write({
      'bad.sql': `${SCHEMA[0]};\n\nINSERT INTO nowhere VALUES (1);`,
      'worse.sql': `-- hello\nATTACH 'local.db' AS other;`,
    });
    expectFailure(await project.run('push --source bad.sql'), {
      exitCode: 4,
      names: ['bad.sql, line 3: is refused by the database engine: no such table: nowhere'],
    });
    expectFailure(await project.run('push --source worse.sql'), {
      exitCode: 4,
      names: ['worse.sql, line 2: begins a statement with ATTACH, which a source may not run'],
    });
  });

  test.each([
    ['posts.csv', '', 'posts (row 1): is empty: a line of column names is expected (posts.csv)'],
    ['posts.csv', 'id;title\n1;a\n', 'if ";" stands between its cells, say so with { folder, delimiter }'],
    ['posts.csv', 'id,title,id\n', 'names the column id twice'],
    ['posts.csv', 'id,,title\n', 'has a column without a name'],
    ['posts.csv', 'id,title\n1,"a\n', 'has a quote that is never closed (posts.csv, line 2)'],
    [
      'posts.csv',
      'id,title\n1,a"b\n',
      'has a quote inside a cell that does not begin with one (posts.csv, line 2)',
    ],
    ['posts.csv', 'id,title,colour\n1,a,red\n', 'posts.colour (id=1): has no such column on the target'],
    [
      'posts.csv',
      'id,title\n1,\n',
      'posts.title (id=1): is missing, and the column requires a value (posts.csv, line 2)',
    ],
    [
      'posts.csv',
      'id,title\n1,a\n\n1,a\n',
      'an earlier row has it, with the same values (posts.csv, line 4)',
    ],
    [
      'posts.csv',
      'id,title,score\n1,"a\nb",c\n',
      'posts.score (id=1): "c" is not a number (posts.csv, line 2)',
    ],
    ['posts.json', '{"id":1}', 'is not an array of objects: it must begin with "[" (posts.json, line 1)'],
    ['posts.json', '[{"id":1,"title":"a"},\n{"id":', 'ends in the middle of the array (posts.json, line 2)'],
    ['posts.json', '[\n{"id":1,"title":"a"},\n{id:2}]', 'is not JSON'],
    ['posts.ndjson', '{"id":1,"title":"a"}\n\n[2]\n', 'is not an object with columns (posts.ndjson, line 3)'],
    [
      'posts.ndjson',
      '{"id":9223372036854775808,"title":"a"}\n',
      'does not fit into 64 bits (posts.ndjson, line 1)',
    ],
    [
      'posts.sql',
      "INSERT INTO posts (id, title) VALUES (1, 'a');\nINSERT INTO tags VALUES (1, 'a');",
      'no such table: tags (posts.sql, line 2)',
    ],
    ['posts.sql', 'CREATE TABLE tags (x);', 'also makes tags: give each table a file of its own'],
  ])('%s with %j', async (name, content, words) => {
    await using project = await shop({ [`data/${name}`]: content }, { source: 'data' });
    expectFailure(await project.run('push'), { exitCode: 4, names: [words] });
  });

  test('bytes that are not UTF-8, files for the same table, folders without a table', async () => {
    await using project = await shop(
      {
        'data/posts.csv': Buffer.from('id,title\n1,\xff\n', 'latin1'),
        'twins/posts.csv': 'id\n',
        'twins/Posts.json': '[]',
        'empty/.DS_Store': 'x',
        'empty/README.md': '# hello',
      },
      { source: 'data' },
    );
    expectFailure(await project.run('push'), { exitCode: 4, names: ['is not UTF-8 text (posts.csv)'] });
    expectFailure(await project.run('push --source twins'), {
      exitCode: 4,
      names: ['several files for one table: Posts.json, posts.csv'],
    });
    expectFailure(await project.run('push --source empty'), { exitCode: 4, names: ['empty holds no table'] });
    expectFailure(await project.run('push --source nowhere'), {
      exitCode: 4,
      names: ['The folder nowhere cannot be read'],
    });
  });

  test('hidden files and other files are nobody’s data; another delimiter can be named', async () => {
    await using project = await shop(
      {
        'data/posts.csv': '\ufeffID;Title\r\n1;"a;b"\r\n\r\n2;""\r\n',
        'data/.posts.csv.swp': 'x',
        'data/README.md': 'x',
      },
      { source: { folder: 'data', delimiter: ';' } },
    );
    expect(await project.run('push')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(project.rows('local.db', 'SELECT id, title FROM posts ORDER BY id')).toEqual([
      [1n, 'a;b'],
      [2n, ''],
    ]);
  });

  test('a thousand problems end the reading, and twenty are listed', async () => {
    const lines = Array.from({ length: 5_000 }, (_, id) => `${id},x,none\n`);
    await using project = await shop(
      { 'data/posts.csv': `id,title,score\n${lines.join('')}` },
      { source: 'data' },
    );
    expectFailure(await project.run('push'), {
      exitCode: 4,
      names: ['data has 1001 problems', '… and 981 more'],
    });
  });
});

describe('standard input', () => {
  const line = (table: string, row: object) => `${JSON.stringify({ table, row })}\n`;

  test('rows of tables in any order', async () => {
    await using project = await shop({}, { source: undefined });
    const input =
      line('posts', { id: 1, title: 'a' }) +
      line('TAGS', { post: 2, name: 'x' }) +
      line('Posts', { id: 2, title: 'b' });
    expect(await project.run('push --source -', { input })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(
      project.rows('local.db', 'SELECT p.id, t.name FROM posts p LEFT JOIN tags t ON t.post=p.id ORDER BY 1'),
    ).toEqual([
      [1n, null],
      [2n, 'x'],
    ]);
  });

  test('serves one target: another would find nothing in it', async () => {
    const targets = { a: { url: 'file:local.db' }, b: { url: 'file:b.db' } };
    await using project = await shop({}, { source: undefined, targets });
    project.sql('b.db', ...SCHEMA, "INSERT INTO posts (id, title) VALUES (9, 'kept')");
    const input = line('posts', { id: 1, title: 'a' });
    const result = await project.run('push a b --source - --force', { input });
    expect(result.exitCode).toBe(4);
    expect(messageOf(result)).toContain('can be read only once');
    expect(project.rows('b.db', 'SELECT title FROM posts')).toEqual([['kept']]);
  });

  test('every line that is no row is named', async () => {
    await using project = await shop({}, { source: undefined });
    const input = `${line('posts', { id: 1, title: 'a' })}{"id":1}\nnot json\n{"table":"posts","row":[]}\n`;
    expectFailure(await project.run('push --source -', { input }), {
      exitCode: 4,
      names: [
        'standard input has 3 problems',
        'line 2: is not {"table": …, "row": {…}}',
        'line 3: is not JSON',
        'line 4: has a "row" that is no object',
      ],
    });
    const wrong = line('posts', { id: 1, title: 'a' }) + line('posts', { id: 'one', title: 'b' });
    expectFailure(await project.run('push --source -', { input: wrong }), {
      exitCode: 4,
      names: ['posts.id (row 2): "one" is not a whole number (standard input, line 2)'],
    });
  });
});
