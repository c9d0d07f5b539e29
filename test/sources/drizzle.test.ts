/** What Overseed stores for rows of Drizzle tables is what Drizzle itself would have stored: Drizzle is the witness. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { relations, sql } from 'drizzle-orm';
import { toCamelCase, toSnakeCase } from 'drizzle-orm/casing';
import { drizzle } from 'drizzle-orm/libsql';
import {
  blob,
  customType,
  integer,
  numeric,
  primaryKey,
  real,
  sqliteTable,
  text,
} from 'drizzle-orm/sqlite-core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import { push } from '../../packages/overseed/src/push.ts';
import { type Casing, inCasing } from '../../packages/overseed/src/source/casing.ts';
import { rows, type SeedTable, seedTables } from '../../packages/overseed/src/source/seed.ts';
import { dumpDatabase, openDatabase, withoutBooks } from '../support/dump.ts';
import { fileTarget } from '../support/engine.ts';

const DDL = [
  `CREATE TABLE kinds (id INTEGER PRIMARY KEY, whole INTEGER, seconds INTEGER, milliseconds INTEGER, flag INTEGER, a_real REAL,
    words TEXT, choice TEXT, document TEXT, bytes BLOB, big BLOB, packed BLOB, digits NUMERIC, amount NUMERIC, large NUMERIC,
    day TEXT)`,
  `CREATE TABLE defaults (id INTEGER PRIMARY KEY, literal INTEGER NOT NULL, flag INTEGER NOT NULL DEFAULT 0, made TEXT NOT NULL,
    changed INTEGER, at TEXT DEFAULT 'now', document TEXT, empty TEXT, doubled INTEGER GENERATED ALWAYS AS (id * 2))`,
  'CREATE TABLE authors (id TEXT PRIMARY KEY, boss TEXT REFERENCES authors (id))',
  `CREATE TABLE parts (author TEXT NOT NULL REFERENCES authors (id), n INTEGER NOT NULL, title TEXT,
    PRIMARY KEY (author, n)) WITHOUT ROWID`,
];

const day = customType<{ data: Date; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => value.toISOString().slice(0, 10),
});

const kinds = sqliteTable('kinds', {
  id: integer().primaryKey(),
  whole: integer(),
  seconds: integer({ mode: 'timestamp' }),
  milliseconds: integer({ mode: 'timestamp_ms' }),
  flag: integer({ mode: 'boolean' }),
  aReal: real('a_real'),
  words: text(),
  choice: text({ enum: ['a', 'b'] }),
  document: text({ mode: 'json' }).$type<unknown>(),
  bytes: blob({ mode: 'buffer' }),
  big: blob({ mode: 'bigint' }),
  packed: blob({ mode: 'json' }).$type<unknown>(),
  digits: numeric(),
  amount: numeric({ mode: 'number' }),
  large: numeric({ mode: 'bigint' }),
  day: day(),
});

let counter = 0;
const defaults = sqliteTable('defaults', {
  id: integer().primaryKey(),
  // The database says nothing of this one: Drizzle alone knows it.
  literal: integer().notNull().default(7),
  flag: integer({ mode: 'boolean' }).notNull().default(true),
  made: text()
    .notNull()
    .$defaultFn(() => `made-${(counter++ % 2) + 1}`),
  changed: integer({ mode: 'timestamp' }).$onUpdateFn(() => new Date(86_400_000)),
  at: text().default(sql`'now'`),
  document: text({ mode: 'json' }).$type<string[]>().default(['x']),
  empty: text(),
  doubled: integer().generatedAlwaysAs(sql`id * 2`),
});

const authors = sqliteTable('authors', { id: text().primaryKey(), boss: text() });
const parts = sqliteTable(
  'parts',
  { author: text().notNull(), n: integer().notNull(), title: text() },
  ({ author, n }) => [primaryKey({ columns: [author, n] })],
);
// Relations are for queries; a table that has some is a table like others.
relations(parts, ({ one }) => ({
  author: one(authors, { fields: [parts.author], references: [authors.id] }),
}));

const DATE = new Date('2026-01-31T09:30:15.678Z');
const KINDS: (typeof kinds.$inferInsert)[] = [
  {
    id: 1,
    whole: 9_007_199_254_740_991,
    seconds: DATE,
    milliseconds: DATE,
    flag: true,
    aReal: 2,
    words: 'ñ\u{1f3e1}\0x',
    choice: 'b',
    document: { deep: [1, 'two', null] },
    bytes: Buffer.from([0, 255]),
    big: 2n ** 70n,
    packed: ['x'],
    digits: '12.50',
    amount: 12.5,
    large: 9_007_199_254_740_993n,
    day: DATE,
  },
  {
    id: 2,
    whole: -1,
    seconds: new Date(-1),
    milliseconds: new Date(-1),
    flag: false,
    aReal: 0.1,
    document: 'text',
  },
  { id: 3, document: [], packed: 0, digits: '007', amount: 3, large: -1n, words: '', bytes: Buffer.alloc(0) },
  { id: 4, whole: null, flag: null, document: null, words: null, seconds: null },
];
const DEFAULTS: (typeof defaults.$inferInsert)[] = [
  { id: 1 },
  { id: 2, literal: 8, flag: false, made: 'then', changed: DATE, at: 'later', document: [], empty: 'x' },
  { id: 3, empty: undefined, at: null, document: null },
];
const AUTHORS = [{ id: 'a', boss: 'b' }, { id: 'b' }];
const PARTS = [
  { author: 'b', n: 2, title: 'two' },
  { author: 'b', n: 1 },
  { author: 'a', n: 1, title: 'one' },
];

type FileTarget = Awaited<ReturnType<typeof fileTarget>>;
let ours: FileTarget;
let theirs: FileTarget;

beforeAll(async () => {
  [ours, theirs] = [await fileTarget(), await fileTarget()];
  for (const target of [ours, theirs]) await target.run(...DDL);
});
afterAll(async () => {
  for (const target of [ours, theirs]) await target[Symbol.asyncDispose]();
});

async function pushRows({ casing }: { casing?: Casing }, ...tables: SeedTable[]) {
  await using target = ours.open();
  const run = startRun({ signal: new AbortController().signal, emit: () => undefined });
  const origin = { label: 'src/db/rows.ts', root: '/', signal: run.signal, casing };
  return await push(
    {
      source: { label: origin.label, tables: seedTables(tables, origin) },
      target,
      assetStore: openFolderStore({ folder: '', label: '', baseUrl: '', prefix: '' }),
      assetColumns: {},
      backups: undefined,
      howToMigrate: '',
    },
    'overwrite',
    run,
  );
}

const addressOf = ({ dataFolder }: FileTarget) => ({
  url: pathToFileURL(path.join(dataFolder, 'target.db')).href,
});

const dumpOf = async (target: FileTarget) => withoutBooks(await dumpDatabase(addressOf(target))).tables;

test('every mode, default and key is stored as Drizzle stores it', async () => {
  const client = openDatabase(addressOf(theirs));
  const db = drizzle(client);
  await db.insert(kinds).values(KINDS);
  await db.insert(defaults).values(DEFAULTS);
  await db.insert(authors).values(AUTHORS.toReversed());
  await db.insert(parts).values(PARTS);
  client.close();

  counter = 0;
  const all = [rows(parts, PARTS), rows(kinds, KINDS), rows(defaults, DEFAULTS), rows(authors, AUTHORS)];
  expect(await pushRows({}, ...all)).toMatchObject({ status: 'applied' });
  expect(await dumpOf(ours)).toEqual(await dumpOf(theirs));

  counter = 0;
  expect(await pushRows({}, ...all)).toMatchObject({ status: 'unchanged' });
});

test.each(['snake_case', 'camelCase'] as const)('casing %s is that of Drizzle', async (casing) => {
  const madeUp = fc.stringMatching(/^[A-Za-z0-9_$'’-]{0,12}$/);
  const convert = casing === 'snake_case' ? toSnakeCase : toCamelCase;
  fc.assert(
    fc.property(fc.oneof(madeUp, fc.string()), (key) => {
      expect(inCasing(key, casing)).toBe(convert(key));
    }),
    { numRuns: 2_000 },
  );
  const shops = sqliteTable('shops', {
    shopId: integer().primaryKey(),
    openedAt: integer({ mode: 'timestamp' }),
    HTMLText: text(),
    zip_code: text(),
    ownName: text('Own Name'),
  });
  const given = [{ shopId: 1, openedAt: DATE, HTMLText: '<p>', zip_code: '29640', ownName: 'x' }];
  const names = ['shopId', 'openedAt', 'HTMLText', 'zip_code'].map(convert);
  for (const target of [ours, theirs])
    await target.run(
      'DROP TABLE IF EXISTS shops',
      `CREATE TABLE shops (${names[0]} INTEGER PRIMARY KEY, ${names[1]} INTEGER, ${names[2]} TEXT, ${names[3]} TEXT, "Own Name" TEXT)`,
    );
  const client = openDatabase(addressOf(theirs));
  await drizzle(client, { casing }).insert(shops).values(given);
  client.close();
  expect(await pushRows({ casing }, rows(shops, given))).toMatchObject({ status: 'applied' });
  expect((await dumpOf(ours)).shops).toEqual((await dumpOf(theirs)).shops);
});

test('an expression of SQL is no value of a source, whatever the column', async () => {
  const expression = sql`lower('X')` as never;
  const pushed = pushRows(
    {},
    rows(kinds, [{ id: 1, words: expression, document: expression, flag: expression }]),
  );
  await expect(pushed).rejects.toThrow(
    /kinds\.words.*is an expression[\s\S]*kinds\.document.*is an expression|kinds\.flag.*is an expression/,
  );
});
