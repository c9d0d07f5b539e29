import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { digestRows } from './digest-rows.ts';

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The digest of table `t` after `statements`. */
function digestOf(columns: readonly string[], ...statements: readonly string[]): string | undefined {
  const file = path.join(folder, `${++files}.db`);
  using database = LocalDatabase.scratch(file);
  for (const sql of statements) database.exec(sql);
  return digestRows({ file, tables: [{ table: 't', columns }] }).get('t');
}

test.each([
  {
    kind: 'a rowid as key',
    ddl: 'CREATE TABLE t (k INTEGER PRIMARY KEY, v)',
    rows: ["(2,'b')", "(1,'a')", '(3,NULL)'],
  },
  { kind: 'a text as key', ddl: 'CREATE TABLE t (k TEXT PRIMARY KEY, v)', rows: ["('2','b')", "('1','a')"] },
  {
    kind: 'NULL in the key, more than once',
    ddl: 'CREATE TABLE t (k TEXT PRIMARY KEY, v)',
    rows: ["(NULL,'b')", "(NULL,'a')", "('x','c')", "(NULL,'a')"],
  },
  {
    kind: 'two keys that are one under the collation of their column',
    ddl: 'CREATE TABLE t (k TEXT COLLATE NOCASE, v, PRIMARY KEY (k COLLATE BINARY))',
    rows: ["('a',1)", "('A',2)"],
  },
  {
    kind: 'a key of two columns',
    ddl: 'CREATE TABLE t (k, v, PRIMARY KEY (v, k)) WITHOUT ROWID',
    rows: ['(1,2)', '(2,1)', '(1,1)'],
  },
  { kind: 'no key', ddl: 'CREATE TABLE t (k, v)', rows: ["(1,'a')", "(1,'a')", "('1','a')", '(NULL,NULL)'] },
])('with $kind, rows may have been inserted in any order', ({ ddl, rows }) => {
  const insert = (values: readonly string[]) => values.map((row) => `INSERT INTO t VALUES ${row}`);
  const first = digestOf(['k', 'v'], ddl, ...insert(rows));
  expect(digestOf(['k', 'v'], ddl, ...insert(rows.toReversed()))).toBe(first);
  expect(digestOf(['k', 'v'], ddl, ...insert(rows.slice(1)))).not.toBe(first);
});

test('the names of the columns are part of it, and columns that do not count are not', () => {
  const fill = "INSERT INTO t VALUES (1,'a')";
  const first = digestOf(['a', 'b'], 'CREATE TABLE t (a, b)', fill);
  expect(digestOf(['x', 'b'], 'CREATE TABLE t (x, b)', fill)).not.toBe(first);
  const one = digestOf(['a'], 'CREATE TABLE t (a, b)', fill);
  expect(digestOf(['a'], 'CREATE TABLE t (a, b)', "INSERT INTO t VALUES (1,'z')")).toBe(one);
  const none = digestOf([], 'CREATE TABLE t (a)', 'INSERT INTO t VALUES (1)');
  expect(none).toMatch(/^[0-9a-f]{64}$/);
});

test('it can be made again by other means', () => {
  const digest = digestOf(
    ['id', 'name', 'price'],
    'CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, price REAL)',
    "INSERT INTO t VALUES (2,'ñ',0.5),(1,NULL,-3.0)",
  );
  // printf '["id","name","price"]\ni1;nr-3:0;i2;t2:ñr0:2305843009213693952;' | sha256sum
  expect(digest).toBe('101340ce1a66107348319122dd7b61e4d172656d15e38b09b400f02c882d25ab');
});
