/** A saved plan is read with suspicion: somebody else may have written it, changed it, or cut it off. */
import { sealSource, sealTarget } from '../model/fingerprint.ts';
import {
  aChecksum,
  aCount,
  aText,
  aTime,
  aTruthValue,
  listOf,
  oneOf,
  type Shape,
  withKeys,
} from '../util/shape.ts';
import type { SavedPlan } from './saved-plan.ts';

const FORMAT_VERSION = 1;

const PLAN: Shape = withKeys({
  overseed: aText,
  createdAt: aTime,
  source: aText,
  target: aText,
  store: aText,
  tables: listOf(
    withKeys({
      table: aText,
      inserts: aCount,
      updates: aCount,
      deletes: aCount,
      unchanged: aCount,
      rowsBefore: aCount,
      rowsAfter: aCount,
      changedColumns: listOf(withKeys({ column: aText, rows: aCount })),
    }),
  ),
  apply: withKeys({
    tables: listOf(oneOf('none', 'inline', 'delta', 'swap', 'swap-indexed', 'swap-gradual')),
    estimatedRowsWritten: aCount,
    why: aText,
  }),
  dependants: listOf(
    withKeys({
      table: aText,
      rows: aCount,
      action: oneOf('delete', 'update', 'set-null', 'set-default', 'orphan'),
      allowed: aTruthValue,
    }),
  ),
  uploads: listOf(
    withKeys({ hash: aChecksum, publicId: aText, path: aText, sizeBytes: aCount, format: aText }),
  ),
  reusedAssets: aCount,
  basedOn: withKeys({
    digest: aChecksum,
    tables: listOf(withKeys({ table: aText, schema: aChecksum, rows: aChecksum })),
  }),
  resultsIn: withKeys({
    digest: aChecksum,
    tables: listOf(withKeys({ table: aText, rows: aChecksum })),
    assets: aChecksum,
  }),
});

/** Why `data` is no plan that this version can use; all that is wrong with it. */
export type ParsedPlan =
  | { readonly status: 'good'; readonly plan: SavedPlan }
  | { readonly status: 'no-plan' }
  | { readonly status: 'other-version'; readonly formatVersion: number }
  | { readonly status: 'spoilt'; readonly problems: readonly string[] };

/** @param data as it was in the file, without any promise */
export function parsePlan(data: unknown): ParsedPlan {
  if (typeof data !== 'object' || data === null) return { status: 'no-plan' };
  const { kind, formatVersion } = data as Record<string, unknown>;
  if (kind !== 'overseed-plan') return { status: 'no-plan' };
  if (typeof formatVersion === 'number' && formatVersion !== FORMAT_VERSION)
    return { status: 'other-version', formatVersion };
  const problems: string[] = [];
  const report = (problem: string) => problems.push(problem);
  withKeys({ formatVersion: aCount })(data, '', report);
  PLAN(data, '', report);
  if (problems.length === 0) problems.push(...contradictions(data as SavedPlan));
  return problems.length > 0 ? { status: 'spoilt', problems } : { status: 'good', plan: data as SavedPlan };
}

/** What a plan that Overseed wrote never says. */
function contradictions({ tables, apply, basedOn, resultsIn }: SavedPlan): string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  const names = tables.map(({ table }) => table);
  expect(new Set(names).size === names.length, 'tables has a table twice');
  for (const [index, each] of tables.entries()) {
    const { inserts, updates, deletes, unchanged, rowsBefore, rowsAfter, changedColumns } = each;
    const path = `tables[${index}]`;
    expect(
      rowsAfter === rowsBefore + inserts - deletes,
      `${path}.rowsAfter is not rowsBefore, plus inserts, minus deletes`,
    );
    expect(
      unchanged === rowsAfter - inserts - updates,
      `${path}.unchanged is not rowsAfter, minus inserts, minus updates`,
    );
    expect(
      changedColumns.every(({ rows }) => rows <= updates),
      `${path}.changedColumns has more rows than updates`,
    );
  }
  expect(apply.tables.length === names.length, 'apply.tables has another length than tables');
  expect(
    JSON.stringify(basedOn.tables.map(({ table }) => table)) === JSON.stringify(names),
    'basedOn.tables has other tables than tables',
  );
  expect(
    resultsIn.tables.every(({ table }) => names.includes(table)),
    'resultsIn.tables has a table that is not in tables',
  );
  expect(sealTarget(basedOn.tables).digest === basedOn.digest, 'basedOn.digest is not that of basedOn');
  expect(
    sealSource(resultsIn.tables, resultsIn.assets).digest === resultsIn.digest,
    'resultsIn.digest is not that of resultsIn',
  );
  return problems;
}
