/** What a target holds, compared with a file that ought to hold the same. */
import type { Stage } from '../model/event.ts';
import type { TablePlan } from '../model/plan.ts';
import type { Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import { compareFiles } from '../plan/compare-files.ts';
import { pullTarget } from '../pull/pull-target.ts';
import { SMALL_ROWS } from '../sqlite/apart.ts';
import type { Target } from '../target/target.ts';
import { type Expected, ExpectedPages } from './expected-pages.ts';
import { NOTHING_PROVED, proveByPages } from './prove-by-pages.ts';

export interface Differences {
  /** Tables that are not equal; what would have to be done on the target. */
  readonly different: readonly TablePlan[];
  /** Rows of each table of the scope, in its order. */
  readonly rows: readonly { readonly table: string; readonly rows: number }[];
  /** What the target calls the state that was looked at; undefined when it cannot say. */
  readonly version: string | undefined;
}

/** The pages of what is expected, from now on, if a target of that size is going to be compared with them. */
export function expectPages(expected: Expected, target: Target, signal: AbortSignal) {
  const isLarge = target.channel === 'json' && expected.rowCount > SMALL_ROWS;
  return isLarge ? new ExpectedPages(expected, signal) : undefined;
}

/**
 * @param pages as {@link expectPages} made them
 * @param stage who is told of the progress
 */
export async function findDifferences(
  expected: Expected,
  pages: ExpectedPages | undefined,
  target: Target,
  files: { readonly pulled: string; readonly changes: string },
  stage: Stage,
  run: Run,
): Promise<Differences> {
  const { tables } = expected;
  const proof = pages ? await proveByPages(expected, pages, target, stage, run) : NOTHING_PROVED;
  const { proved } = proof;
  const rest = tables.filter((_, index) => !proved.has(index));
  const compared = rest.length > 0 ? await compareRest(expected, rest, target, files, run) : undefined;
  const rows = new Map([
    ...(compared?.tables ?? []).map(({ table, rowsAfter }) => [table, rowsAfter] as const),
    ...[...proved].map(([index, count]) => [tables[index]?.name ?? '', count] as const),
  ]);
  return {
    different: (compared?.tables ?? []).filter((table) => table.inserts + table.updates + table.deletes > 0),
    rows: tables.map(({ name }) => ({ table: name, rows: rows.get(name) ?? 0 })),
    version: sameVersion(proved.size > 0 ? proof.version : compared?.version, compared ?? proof),
  };
}

/** Two looks saw one state only if the target calls both the same. */
function sameVersion(
  first: string | undefined,
  second: { readonly version: string | undefined },
): string | undefined {
  return first === second.version ? first : undefined;
}

/** Value by value. */
async function compareRest(
  { database, rowCount }: Expected,
  tables: readonly Table[],
  target: Target,
  files: { readonly pulled: string; readonly changes: string },
  run: Run,
): Promise<{ tables: readonly TablePlan[]; version: string | undefined }> {
  const actual = await pullTarget(target, tables, files.pulled, run);
  using comparison = await compareFiles(
    {
      desired: database,
      tables,
      actualFile: actual.file,
      changesFile: files.changes,
      rowCount: actual.rowCount + rowCount,
    },
    run.signal,
  );
  return { tables: comparison.tables, version: actual.version };
}
