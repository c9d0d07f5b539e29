import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toContentHash, toPublicId } from '../model/asset.ts';
import { OverseedError } from '../model/error.ts';
import { type Fingerprints, sealSource, sealTarget } from '../model/fingerprint.ts';
import type { Plan, TablePlan } from '../model/plan.ts';
import { MAX_PLAN_BYTES, readPlan } from './read-plan.ts';
import { requirePlaceFor, savePlan } from './save-plan.ts';
import { type SavedPlan, toSavedPlan } from './saved-plan.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

const PLAN: Plan & Fingerprints = {
  formatVersion: 1,
  target: 'my-db.turso.io',
  tables: [
    {
      table: 'say "x" 😀',
      inserts: 2,
      updates: 1,
      deletes: 3,
      unchanged: 4,
      rowsBefore: 8,
      rowsAfter: 7,
      changedColumns: [{ column: 'price', rows: 1 }],
    },
    {
      table: 'bag',
      inserts: 0,
      updates: 0,
      deletes: 0,
      unchanged: 0,
      rowsBefore: 0,
      rowsAfter: 0,
      changedColumns: [],
    },
  ],
  apply: { tables: ['delta', 'none'], estimatedRowsWritten: 12, why: 'changed rows staged, then moved' },
  dependants: [{ table: 'visit', rows: 3, action: 'set-null', allowed: false }],
  uploads: [
    {
      hash: toContentHash(A),
      publicId: toPublicId('site/villa-aaaa'),
      path: 'villa.webp',
      file: '/home/somebody/site/images/villa.webp',
      sizeBytes: 1234,
      width: 10,
      height: 20,
      format: 'webp',
    },
  ],
  reusedAssets: 5,
  basedOn: sealTarget([
    { table: 'say "x" 😀', schema: A, rows: B },
    { table: 'bag', schema: B, rows: A },
  ]),
  resultsIn: sealSource(
    [
      { table: 'say "x" 😀', rows: A },
      { table: 'bag', rows: A },
    ],
    B,
  ),
};
const SAVED = toSavedPlan(PLAN, {
  source: 'db/seed.ts',
  store: 'cloudinary:demo',
  createdAt: new Date('2026-01-31T15:45:00Z'),
});

let home: string;
let folder: string;
let count = 0;

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'overseed-test-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));
beforeEach(async () => {
  folder = path.join(home, String(++count));
  await mkdir(folder);
});

async function failure(work: Promise<unknown>): Promise<OverseedError> {
  const error = await work.then(
    () => expect.unreachable('it did not fail'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OverseedError);
  return error as OverseedError;
}

describe('savePlan', () => {
  test('writes what readPlan reads, readable by the owner alone, and leaves nothing else behind', async () => {
    const file = path.join(folder, 'plan.json');
    await savePlan(file, SAVED);
    expect(await readPlan(file)).toEqual(SAVED);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['plan.json']);
  });

  test('says nothing about the machine that made the plan', async () => {
    const file = path.join(folder, 'plan.json');
    await savePlan(file, SAVED);
    expect(await readFile(file, 'utf8')).not.toContain('somebody');
  });

  test('puts a new plan in the place of an old one, however much of it is left', async () => {
    const file = path.join(folder, 'plan.json');
    await savePlan(file, SAVED);
    await truncate(file, 60);
    await savePlan(file, { ...SAVED, source: 'another' });
    expect((await readPlan(file)).source).toBe('another');
  });

  test('takes the name of an empty file, as mktemp makes it', async () => {
    const file = path.join(folder, 'empty');
    await writeFile(file, '');
    await savePlan(file, SAVED);
    expect(await readPlan(file)).toEqual(SAVED);
  });

  test('leaves alone whatever is not a plan', async () => {
    const file = path.join(folder, 'package.json');
    await writeFile(file, '{"name":"overseed-plan"}');
    const link = path.join(folder, 'link.json');
    await symlink(path.join(folder, 'nowhere'), link);
    for (const [where, says] of [
      [file, 'is there, and is not a plan'],
      [link, 'is not an ordinary file'],
      [folder, 'is a folder'],
      [
        path.join(folder, 'no', 'such', 'plan.json'),
        `There is no folder ${path.join(folder, 'no', 'such')}.`,
      ],
      [path.join(file, 'plan.json'), 'There is no folder'],
    ] as const) {
      const error = await failure(savePlan(where, SAVED));
      expect(error).toMatchObject({ code: 'PLAN_NOT_SAVED', exitCode: 4 });
      expect(error.what).toContain(says);
      // And the same before the work begins.
      expect((await failure(requirePlaceFor(where))).what).toBe(error.what);
    }
    expect(await readFile(file, 'utf8')).toBe('{"name":"overseed-plan"}');
    expect((await readdir(folder)).sort()).toEqual(['link.json', 'package.json']);
  });

  test('says why it could not be written, and leaves nothing behind', async () => {
    // Noticed only at the very end, when the file gets its name.
    const error = await failure(savePlan(path.join(folder, 'x'.repeat(300)), SAVED));
    expect(error).toMatchObject({ code: 'PLAN_NOT_SAVED' });
    expect(error.what).toMatch(/^The plan cannot be written to .*ENAMETOOLONG/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('has one line for each table and file, so that two plans can be compared', async () => {
    const file = path.join(folder, 'plan.json');
    await savePlan(file, SAVED);
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines.slice(0, 3)).toEqual(['{', '  "kind": "overseed-plan",', '  "formatVersion": 1,']);
    expect(lines.filter((line) => line.includes('"inserts"'))).toHaveLength(2);
    expect(lines.at(-1)).toBe('');
  });
});

describe('readPlan', () => {
  const write = async (content: string | Uint8Array) => {
    const file = path.join(folder, 'plan.json');
    await writeFile(file, content);
    return file;
  };
  const refusal = async (content: string | Uint8Array) => {
    const error = await failure(readPlan(await write(content)));
    expect(error).toMatchObject({ code: 'PLAN_INVALID', exitCode: 4, state: 'not-contacted' });
    return error.what;
  };

  test('refuses a file that is cut off, at whatever place', async () => {
    const text = JSON.stringify(SAVED);
    for (let length = 0; length < text.length; length += 7)
      expect(await refusal(text.slice(0, length))).toContain('it is not JSON, or was cut off');
  });

  test('refuses a file that is something else, and shows nothing of it', async () => {
    for (const content of [
      'TOKEN=very-secret',
      '"very-secret"',
      '{"token":"very-secret"}',
      '[1]',
      'null',
      '\u0000',
    ]) {
      const what = await refusal(content);
      expect(what).toMatch(/is not a (saved plan|plan that Overseed saved)/);
      expect(what).not.toContain('secret');
    }
  });

  test('refuses another format by its number', async () => {
    expect(await refusal(JSON.stringify({ ...SAVED, formatVersion: 2 }))).toContain(
      'is of format 2, and this version of Overseed reads format 1.',
    );
  });

  test('refuses what is not there, not a file, or far too large', async () => {
    const missing = path.join(folder, 'plan.json');
    expect((await failure(readPlan(missing))).what).toBe(`There is no file ${missing}.`);
    expect((await failure(readPlan(folder))).what).toContain('is not a file');
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect((await failure(readPlan(pipe))).what).toContain('is not a file');
    const huge = await write('{');
    await truncate(huge, MAX_PLAN_BYTES + 1);
    expect((await failure(readPlan(huge))).what).toContain('is too large for a plan');
  });

  test('names every place that is not as it must be, and no value', async () => {
    const { target: _, ...rest } = SAVED;
    const what = await refusal(
      JSON.stringify({
        ...rest,
        createdAt: 'yesterday',
        tables: [{ ...SAVED.tables[0], inserts: -1, updates: '1', changedColumns: 'very-secret' }, 7],
        apply: { ...SAVED.apply, tables: ['truncate'] },
        dependants: [{ table: 'visit', rows: 1.5, action: 'delete', allowed: 'yes' }],
        uploads: null,
        basedOn: { digest: A.toUpperCase(), tables: [] },
      }),
    );
    expect(what.split('\n').slice(1)).toEqual([
      '  createdAt is not a time like 2026-01-31T15:45:00.000Z',
      '  target is missing',
      '  tables[0].inserts is not a whole number',
      '  tables[0].updates is not a whole number',
      '  tables[0].changedColumns is not a list',
      '  tables[1] is not an object',
      '  apply.tables[0] is not one of none, inline, delta, swap, swap-indexed, swap-gradual',
      '  dependants[0].rows is not a whole number',
      '  dependants[0].allowed is not true or false',
      '  uploads is not a list',
      '  … and 1 more',
    ]);
  });

  const [first, second] = SAVED.tables as [TablePlan, TablePlan];
  const tampered: { what: string; change: Partial<SavedPlan>; says: string }[] = [
    {
      what: 'fewer deletes',
      change: { tables: [{ ...first, deletes: 0 }, second] },
      says: 'tables[0].rowsAfter is not rowsBefore, plus inserts, minus deletes',
    },
    {
      what: 'fewer updates',
      change: { tables: [{ ...first, updates: 0 }, second] },
      says: 'tables[0].unchanged is not rowsAfter, minus inserts, minus updates',
    },
    {
      what: 'a table that is left out',
      change: { tables: [first] },
      says: 'apply.tables has another length than tables',
    },
    {
      what: 'a table twice',
      change: { tables: [second, second] },
      says: 'tables has a table twice',
    },
    {
      what: 'the fingerprint of a table',
      change: { basedOn: { ...SAVED.basedOn, tables: SAVED.basedOn.tables.map((t) => ({ ...t, rows: A })) } },
      says: 'basedOn.digest is not that of basedOn',
    },
    {
      what: 'the fingerprint of the files',
      change: { resultsIn: { ...SAVED.resultsIn, assets: A } },
      says: 'resultsIn.digest is not that of resultsIn',
    },
    {
      what: 'a result for a table that is not in the plan',
      change: { resultsIn: sealSource([{ table: 'other', rows: A }], B) },
      says: 'resultsIn.tables has a table that is not in tables',
    },
    {
      what: 'a base of other tables',
      change: { basedOn: sealTarget([{ table: 'other', schema: A, rows: A }]) },
      says: 'basedOn.tables has other tables than tables',
    },
  ];

  test.each(tampered)('refuses a plan that was changed: $what', async ({ change, says }) => {
    const what = await refusal(JSON.stringify({ ...SAVED, ...change }));
    expect(what).toContain('was changed after it was saved, or damaged:');
    expect(what).toContain(says);
  });

  test('passes over keys that it does not know', async () => {
    const file = await write(JSON.stringify({ ...SAVED, comment: 'looks good' }));
    expect(await readPlan(file)).toMatchObject(SAVED);
    const inherited = `{"__proto__":${JSON.stringify(SAVED)},"kind":"overseed-plan","formatVersion":1}`;
    expect(await refusal(inherited)).toContain('overseed is missing');
  });
});
