/** However much changes, a report is a page that opens at once, and it says what it leaves out. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import type { Event } from '../../packages/overseed/src/model/event.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import { compareTables } from '../../packages/overseed/src/plan/compare-tables.ts';
import { Report } from '../../packages/overseed/src/report/report.ts';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import { schemaOfFile } from '../../packages/overseed/src/wire.ts';

const MAX_BYTES = 2_000_000;
const store = openFolderStore({ folder: '/nowhere', label: 'media', baseUrl: '/media', prefix: '' });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'overseed-report-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Told {
  readonly page: string;
  readonly bytes: number;
}

/** The page about what differs between two databases, which are made by SQL. */
async function reportOn(
  name: string,
  { schema, before, after }: Record<'schema' | 'before' | 'after', readonly string[]>,
  { events = [], failure }: { events?: readonly Event[]; failure?: OverseedError } = {},
): Promise<Told> {
  const place = (file: string) => path.join(folder, `${name}-${file}`);
  const never = new AbortController().signal;
  const [desired, actual] = (['desired.db', 'actual.db'] as const).map((file) => {
    const database = LocalDatabase.scratch(place(file));
    for (const sql of [...schema, ...(file === 'desired.db' ? after : before)]) database.exec(sql);
    return database;
  }) as [LocalDatabase, LocalDatabase];
  actual.close();
  const { tables } = await schemaOfFile(place('desired.db'), name, never);
  const run = startRun({ signal: never, emit: () => undefined });
  const report = new Report({
    file: place('report.html'),
    command: 'plan shop',
    targetName: 'shop',
    undoCommand: 'undo',
    secrets: ['p4ssw0rd!'],
  });
  const told = report.listen(run);
  for (const event of events) told.emit(event);
  {
    using database = desired;
    using comparison = compareTables(database, [...tables.values()], place('actual.db'), place('changes.db'));
    const plan = {
      formatVersion: 1,
      target: 'shop',
      tables: comparison.tables,
      apply: { tables: [], estimatedRowsWritten: 0, why: '' },
      dependants: Array.from({ length: 500 }, () => ({
        table: 't<'.repeat(5_000),
        rows: 3,
        action: 'delete' as const,
        allowed: true,
      })),
      uploads: [],
      reusedAssets: 0,
    } as const;
    const assetColumns = { pictures: [{ root: '/', cache: '/', path: 'path', url: 'url' }] };
    report.compared({ comparison, plan, assets: [], ledger: new Map() }, store, assetColumns);
  }
  await report.write(failure ? { failure } : { exitCode: 0 }, told);
  const page = await readFile(place('report.html'), 'utf8');
  return { page, bytes: Buffer.byteLength(page) };
}

const numbers = (count: number) =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<${count})`;

test('a change of a million rows', async () => {
  const { page, bytes } = await reportOn('million', {
    schema: [
      'CREATE TABLE big (id INTEGER PRIMARY KEY, title TEXT, price REAL)',
      'CREATE TABLE small (id INTEGER PRIMARY KEY, note TEXT)',
    ],
    before: [
      "INSERT INTO small VALUES (1,'old'),(2,'gone')",
      `${numbers(300_000)} INSERT INTO big SELECT i, 'Home '||i, i FROM n`,
    ],
    after: [
      "INSERT INTO small VALUES (1,'new')",
      `${numbers(1_000_000)} INSERT INTO big SELECT i, 'House '||i, i FROM n`,
    ],
  });
  expect(bytes).toBeLessThan(MAX_BYTES);
  expect(page).toMatch(/Listed here: the first [\d\u202f]+ of 1\u202f000\u202f000 rows/);
  // The small table is not crowded out by the large one.
  expect(page).toContain('<del><bdi>old</bdi></del> <ins><bdi>new</bdi></ins>');
  expect(page).toMatch(/<tr class="delete">.*id=2/);
});

test('texts of megabytes, blobs, keys without end, three hundred columns, and thousands of tables', async () => {
  const many = Array.from({ length: 600 }, (_, index) => `"${'<b>'.repeat(100)}${index}"`);
  const columns = Array.from({ length: 300 }, (_, index) => `"c${index}${'&'.repeat(60)}"`);
  const { page, bytes } = await reportOn(
    'hostile',
    {
      schema: [
        'CREATE TABLE texts (id TEXT PRIMARY KEY, body TEXT)',
        'CREATE TABLE blobs (id BLOB PRIMARY KEY, body BLOB)',
        `CREATE TABLE wide (id INTEGER PRIMARY KEY, ${columns.join(', ')})`,
        'CREATE TABLE pictures (id INTEGER PRIMARY KEY, path TEXT, url TEXT)',
        ...many.map((name) => `CREATE TABLE ${name} (id INTEGER PRIMARY KEY)`),
      ],
      before: [
        "INSERT INTO texts VALUES ('a', printf('%.*c', 5000000, 'x'))",
        "INSERT INTO pictures VALUES (1, 'a.png', 'javascript:alert(1)')",
      ],
      after: [
        "INSERT INTO texts VALUES ('a', printf('%.*c', 4000000, 'x')||'<script>p4ssw0rd!</script>'||printf('%.*c', 1000000, 'x'))",
        `${numbers(200)} INSERT INTO texts SELECT printf('%.*c', 100000, '"')||i, printf('%.*c', 50000, '<') FROM n`,
        `${numbers(200)} INSERT INTO blobs SELECT randomblob(50000), zeroblob(50000) FROM n`,
        `${numbers(200)} INSERT INTO wide (id, ${columns.join(', ')}) SELECT i, ${columns.map(() => "printf('%.*c', 500, '&')").join(', ')} FROM n`,
        "INSERT INTO pictures VALUES (1, 'a.png', 'https://me:p4ssw0rd!@example.com/'||printf('%.*c', 100000, '\"'))",
        ...many.map((name) => `INSERT INTO ${name} VALUES (1)`),
      ],
    },
    {
      events: Array.from({ length: 5_000 }, () => ({ kind: 'warning', message: '<'.repeat(10_000) })),
      failure: new OverseedError('ASSETS_FAILED', {
        what: '<'.repeat(1_000_000),
        state: 'old',
        next: 'Go on.',
      }),
    },
  );
  expect(bytes).toBeLessThan(MAX_BYTES);
  expect(page).toContain('<mark>&lt;script&gt;[hidden]&lt;/script&gt;</mark>');
  expect(page).not.toContain('p4ssw0rd');
  expect(page).toMatch(/and 2\d\d more columns/);
  expect(page).toMatch(/[\d\u202f]+ more tables not listed here/);
  expect(page).toMatch(/The rows of [\d\u202f]+ more tables are not listed/);
  expect(page).toMatch(/and [\d\u202f]+ more warnings/);
  expect(page).not.toContain('href="javascript:');
  expect(page).not.toContain('<b><b>');
});

test('a row that cannot be shown is told of, and holds up nobody', async () => {
  const { page } = await reportOn('broken', {
    schema: ['CREATE TABLE texts (id INTEGER PRIMARY KEY, body TEXT)'],
    before: [],
    after: ["INSERT INTO texts VALUES (1, 'good'), (2, CAST(x'ff' AS TEXT))"],
  });
  // The comparison was closed afterwards, as a push closes it: nothing held its files.
  expect(page).toContain('This report cannot list the rows that change');
  expect(page).toMatch(/<b>2<\/b> <span>rows missing/);
});
