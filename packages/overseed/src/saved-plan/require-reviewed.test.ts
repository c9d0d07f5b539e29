import { expect, test } from 'vitest';
import { type Asset, toContentHash, toPublicId } from '../model/asset.ts';
import { OverseedError } from '../model/error.ts';
import { type Fingerprints, sealSource, sealTarget } from '../model/fingerprint.ts';
import type { Plan, TablePlan } from '../model/plan.ts';
import { requireReviewed } from './require-reviewed.ts';
import { toSavedPlan } from './saved-plan.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const ORIGIN = { source: 'db/seed.ts', store: 'folder:media', createdAt: new Date(0) };

function asset(digit: string, publicId = `site/${digit}`): Asset {
  const hash = toContentHash(digit.repeat(64));
  const size = { sizeBytes: 1, etag: digit.repeat(32), width: 1, height: 1, format: 'png' };
  return { hash, publicId: toPublicId(publicId), path: `${digit}.png`, file: `/here/${digit}.png`, ...size };
}

function table(name: string, changes: Partial<TablePlan> = {}): TablePlan {
  const none = { inserts: 0, updates: 0, deletes: 0, unchanged: 3, rowsBefore: 3, rowsAfter: 3 };
  return { table: name, ...none, changedColumns: [], ...changes };
}

function makePlan(changes: Partial<Plan> = {}): Plan & Fingerprints {
  const tables = changes.tables ?? [table('t', { inserts: 1, rowsAfter: 4 })];
  return {
    formatVersion: 1,
    target: 'my-db',
    tables,
    apply: { tables: tables.map(() => 'inline'), estimatedRowsWritten: 1, why: 'so' },
    dependants: [],
    uploads: [asset('1'), asset('2')],
    reusedAssets: 0,
    basedOn: sealTarget(tables.map((each) => ({ table: each.table, schema: A, rows: A }))),
    resultsIn: sealSource(
      tables.map((each) => ({ table: each.table, rows: A })),
      A,
    ),
    ...changes,
  } as Plan & Fingerprints;
}

/** What the refusal says; undefined when there is none. */
function refusalOf(reviewed: Plan & Fingerprints, now: Plan & Fingerprints): string | undefined {
  try {
    requireReviewed(toSavedPlan(reviewed, ORIGIN), now, 'db/seed.ts');
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(OverseedError);
    return `${(error as OverseedError).code}: ${(error as OverseedError).what}`;
  }
}

test('a file that the plan does not upload, or under another name, makes it stale', () => {
  expect(refusalOf(makePlan({ uploads: [asset('1')] }), makePlan())).toBe(
    'PLAN_STALE: The plan of 1970-01-01T00:00:00.000Z is stale, there is something else to do by now:\n  1 file to upload that the plan does not have',
  );
  const renamed = makePlan({ uploads: [asset('1'), asset('2', 'site/another')] });
  expect(refusalOf(makePlan(), renamed)).toContain(
    '2.png: to be uploaded under another name than in the plan',
  );
});

test('a file that is in the store by now does not, nor another order, nor another machine', () => {
  expect(refusalOf(makePlan(), makePlan({ uploads: [asset('2')], reusedAssets: 1 }))).toBeUndefined();
  const elsewhere = [asset('2'), asset('1')].map((each) => ({
    ...each,
    file: `/there${each.file}`,
    path: 'same.png',
  }));
  expect(refusalOf(makePlan(), makePlan({ uploads: elsewhere }))).toBeUndefined();
});

test('the reason for a strategy is only words; the strategy is not', () => {
  const apply = makePlan().apply;
  expect(refusalOf(makePlan(), makePlan({ apply: { ...apply, why: 'in other words' } }))).toBeUndefined();
  expect(refusalOf(makePlan(), makePlan({ apply: { ...apply, tables: ['swap'] } }))).toContain(
    'PLAN_INVALID: The plan of 1970-01-01T00:00:00.000Z says something else than its fingerprints lead to.',
  );
});

test('tables may come in another order', () => {
  const tables = [table('t', { inserts: 1, rowsAfter: 4 }), table('u')];
  const apply = { tables: ['inline', 'none'] as const, estimatedRowsWritten: 1, why: '' };
  const reversed = { ...apply, tables: apply.tables.toReversed() };
  expect(
    refusalOf(makePlan({ tables, apply }), makePlan({ tables: tables.toReversed(), apply: reversed })),
  ).toBeUndefined();
});

test('with nothing left to do, the result counts and the start does not', () => {
  const done = { tables: [table('t', { rowsBefore: 4, rowsAfter: 4, unchanged: 4 })], uploads: [] };
  const moved = sealTarget([{ table: 't', schema: B, rows: B }]);
  expect(refusalOf(makePlan(), makePlan({ ...done, basedOn: moved }))).toBeUndefined();
  const other = sealSource([{ table: 't', rows: B }], A);
  expect(refusalOf(makePlan(), makePlan({ ...done, basedOn: moved, resultsIn: other }))).toContain(
    'PLAN_STALE',
  );
  const otherFiles = sealSource([{ table: 't', rows: A }], B);
  expect(refusalOf(makePlan(), makePlan({ ...done, resultsIn: otherFiles }))).toContain(
    'files of the source: 2 then, 0 now',
  );
});

test('what a plan says cannot steer the terminal', () => {
  const reviewed = makePlan({
    tables: [table('\u001b[2Jgone')],
    dependants: [{ table: '\u001b[2Jgone', rows: 1, action: 'delete', allowed: false }],
  });
  const says = [
    refusalOf(reviewed, makePlan()),
    refusalOf({ ...makePlan(), dependants: reviewed.dependants }, makePlan()),
  ];
  for (const text of says) {
    expect(text).toContain('�[2Jgone');
    expect(text).not.toContain('\u001b');
  }
});

test('of very many moves, the first are listed and the others counted', () => {
  const tables = Array.from({ length: 30 }, (_, index) => table(`t${index}`, { inserts: 1, rowsAfter: 4 }));
  const basedOn = sealTarget(tables.map((each) => ({ table: each.table, schema: A, rows: B })));
  const lines = refusalOf(makePlan({ tables }), makePlan({ tables, basedOn }))?.split('\n') ?? [];
  expect(lines).toHaveLength(22);
  expect(lines.at(-1)).toBe('  … and 10 more');
});
