import { expect, test } from 'vitest';
import { OverseedError } from '../model/error.ts';
import type { Config } from './config.ts';
import { parseConfig } from './parse-config.ts';

const parse = (given: unknown): Config => parseConfig(given, { label: 'overseed.config.ts', root: '/site' });

function problemsOf(given: unknown): string[] {
  try {
    parse(given);
  } catch (error) {
    if (!(error instanceof OverseedError)) throw error;
    expect(error.code).toBe('CONFIG_INVALID');
    return error.what
      .split('\n')
      .slice(1)
      .map((line) => line.trim().replace(/ {2,}/, ': '));
  }
  return [];
}

test('every problem is reported at once, with its path and what to write', () => {
  expect(
    problemsOf({
      sorce: 'db/seed.ts',
      targets: {
        production: { url: 'libsql://a.turso.io', protcted: true },
        'a b': {},
        staging: { envFile: 7, store: 'cloudinry' },
      },
      tables: { include: 'posts' },
      rules: { posts: 'must be good' },
      expect: { posts: 1.5 },
      assets: { tables: { images: { from: 'images', path: 'image' } } },
      backups: { keep: 0 },
    }),
  ).toEqual([
    'sorce: is not a known key (did you mean "source"?)',
    'targets.production.protcted: is not a known key (did you mean "protected"?)',
    'targets["a b"]: is not a name: letters, digits, ".", "_" and "-" may stand in one',
    'targets.staging.envFile: must be a path or a list of paths',
    'targets.staging.store: must be "auto", "cloudinary", "folder", "s3", an object with one of them as its kind, or a function',
    'tables.include: must be a list of names or patterns',
    'rules.posts: must be a Standard Schema or a function',
    'expect.posts: must be a whole number from 0',
    'assets.tables.images.url: is missing',
    'backups.keep: must be a whole number from 1',
  ]);
});

test('a key that resembles none lists those that are known', () => {
  expect(problemsOf({ zzz: 1 })).toEqual([
    'zzz: is not a known key; known are $schema, source, targets, tables, rules, expect, assets, backups',
  ]);
});

test.each([null, 'text', 7, [], () => 1])('%s is no configuration', (given) => {
  expect(problemsOf(given)).toHaveLength(1);
});

test('a name that every object has is not a known key', () => {
  expect(problemsOf({ constructor: {} })[0]).toContain('is not a known key');
  expect(problemsOf(JSON.parse('{"targets":{"__proto__":{"toString":1}}}'))).not.toEqual([]);
});

test('addresses: no token inside, a scheme that is known, not two of them', () => {
  expect(
    problemsOf({
      targets: {
        a: { url: 'libsql://a.turso.io?authToken=secret' },
        b: { url: 'https://user:secret@b.turso.io' },
        c: { url: 'local.db' },
        d: { url: 'libsql://d.turso.io', urlVariable: 'D' },
      },
    }),
  ).toEqual([
    'targets.a.url: holds a token: put that into the environment instead',
    'targets.b.url: holds a token: put that into the environment instead',
    'targets.c.url: must begin with file:, libsql:, https:, http:, wss: or ws:',
    'targets.d: has both url and urlVariable: leave one of them out',
  ]);
});

test('a fleet names targets that are there', () => {
  const targets = { eu: {}, us: {} };
  expect(parse({ targets: { ...targets, all: ['eu', 'us'] } }).fleets).toEqual(
    new Map([['all', ['eu', 'us']]]),
  );
  expect(problemsOf({ targets: { ...targets, all: ['eu', 'su', 'all'], none: [] } })).toEqual([
    'targets.all[1]: "su" is not one of the targets (did you mean "eu"?)',
    'targets.all[2]: "all" is not one of the targets',
    'targets.none: is an empty list',
  ]);
});

test('defaults are filled in, and paths are absolute', () => {
  const config = parse({ source: 'db/seed.ts', targets: { local: { url: 'file:a.db' } } });
  expect(config).toMatchObject({
    source: { kind: 'module', path: '/site/db/seed.ts', label: 'db/seed.ts' },
    scope: { include: ['*'], exclude: [] },
    store: { kind: 'auto', prefix: '', publicFolder: 'public/media', baseUrl: '/media' },
    backups: { folder: '/site/.overseed/backups', retention: {} },
  });
  expect(config.targets.get('local')).toEqual({
    name: 'local',
    url: 'file:a.db',
    urlVariable: undefined,
    tokenVariable: undefined,
    envFiles: undefined,
    isProtected: false,
    store: undefined,
  });
});

test('stores: by their name, with their settings, or opened by the project itself', () => {
  const storeOf = (store: unknown) => parse({ assets: { store, tables: {} } }).store;
  const folders = { publicFolder: 'public/media', baseUrl: '/media' };
  expect(storeOf('s3')).toEqual({ kind: 's3', prefix: '', s3: {}, ...folders });
  expect(storeOf({ kind: 's3', region: 'auto' }).s3).toEqual({ region: 'auto' });
  expect(storeOf({ kind: 's3', prefix: 'shop', bucket: 'media', region: 'auto' })).toEqual({
    kind: 's3',
    prefix: 'shop',
    s3: { bucket: 'media', region: 'auto' },
    ...folders,
  });
  expect(storeOf({ kind: 'folder', folder: 'static', baseUrl: '/m' })).toEqual({
    kind: 'folder',
    prefix: '',
    publicFolder: 'static',
    baseUrl: '/m',
  });
  const open = () => undefined;
  expect(storeOf(open)).toMatchObject({ kind: open });
  expect(problemsOf({ assets: { store: { kind: 's3', secretAccessKey: 'x' }, tables: {} } })[0]).toContain(
    'assets.store.secretAccessKey: is not a known key',
  );
});

test.each([
  ['db/seed.ts', 'module'],
  ['seed.mjs', 'module'],
  ['./local.db', 'sqlite'],
  ['data/site.sqlite3', 'sqlite'],
  ['dump.sql', 'script'],
  ['data', 'folder'],
  ['./data.d/rows', 'folder'],
  ['-', 'stdin'],
  [{ module: 'x.y', casing: 'snake_case' }, 'module'],
  [{ sqlite: 'x' }, 'sqlite'],
  [{ script: 'x' }, 'script'],
  [{ folder: 'a.b', delimiter: ';' }, 'folder'],
])('a source %j is a %s', (source, kind) => {
  expect(parse({ source }).source?.kind).toBe(kind);
});

test.each([
  ['data/posts.csv', 'source: names one file of data: name its folder, "data", where each file is a table'],
  ['what.ever', 'source: does not say what it is: write { module }, { sqlite }, { script } or { folder }'],
  [{}, 'source: must be a path, or one of { module }, { sqlite }, { script } and { folder }'],
  [{ modul: 'x' }, 'source: must be a path, or one of { module }, { sqlite }, { script } and { folder }'],
  [{ sqlite: 'x', module: 'y' }, 'source.sqlite: is not a known key; known are module, casing'],
  [{ folder: 'x', delimiter: ';;' }, 'source.delimiter: must be one character'],
])('a source %j is refused', (source, problem) => {
  expect(problemsOf({ source })).toEqual([problem]);
});
