/** Where two plans of the same tables would do something else; one line each, for people. */
import { describeDependants } from '../model/dependants.ts';
import type { Plan, TablePlan } from '../model/plan.ts';
import { countOf } from '../util/count-of.ts';
import { printable } from '../util/printable.ts';
import { type SavedPlan, type SavedUpload, toSavedUpload } from './saved-plan.ts';

/** Tables of both plans that change in another way. */
export function otherChanges(reviewed: SavedPlan, now: Plan): string[] {
  return now.tables.flatMap((table) => {
    const before = reviewed.tables.find((plan) => plan.table === table.table);
    if (!before || changesOf(before) === changesOf(table)) return [];
    return [`${table.table}: ${changesOf(before)} in the plan; ${changesOf(table)} now`];
  });
}

/** What a saved plan claims, although its own fingerprints, which still hold, lead to something else. */
export function otherNumbers(reviewed: SavedPlan, now: Plan): string[] {
  const lines = otherChanges(reviewed, now);
  if (lines.length > 0) return lines;
  for (const table of now.tables) {
    const planned = reviewed.tables.find((plan) => plan.table === table.table);
    if (numbersOf(planned) !== numbersOf(table))
      lines.push(`${table.table}: other numbers of rows, or of changed columns`);
    const [before, after] = [strategyOf(reviewed, table), strategyOf(now, table)];
    if (before !== after) lines.push(`${table.table}: applied as ${before} in the plan; as ${after} now`);
  }
  const [before, after] = [reviewed, now].map(({ apply }) => countOf(apply.estimatedRowsWritten, 'row'));
  if (before !== after) lines.push(`about ${before} written in the plan; ${after} now`);
  return lines;
}

/**
 * What depends on neither side: which files the store lacks, and who outside the plan refers to rows that go. A file that
 * the store has got meanwhile is not listed: it would have been stored with the same bytes under the same name.
 */
export function otherWork(reviewed: SavedPlan, now: Plan): string[] {
  const before = new Map(reviewed.uploads.map((upload) => [upload.hash, upload]));
  const added = now.uploads.filter(({ hash }) => !before.has(hash)).length;
  const lines: string[] = [];
  if (added > 0) lines.push(`${countOf(added, 'file')} to upload that the plan does not have`);
  for (const upload of now.uploads) {
    const planned = before.get(upload.hash);
    if (planned && nameOf(planned) !== nameOf(upload))
      lines.push(`${upload.path}: to be uploaded under another name than in the plan`);
  }
  const then = new Set(reviewed.dependants.map(describeDependants));
  const here = new Set(now.dependants.map(describeDependants));
  for (const line of here) if (!then.has(line)) lines.push(`not in the plan: ${line}`);
  for (const line of then) if (!here.has(line)) lines.push(`only in the plan: ${printable(line)}`);
  return lines;
}

function changesOf({ inserts, updates, deletes }: TablePlan): string {
  return `${countOf(inserts, 'insert')}, ${countOf(updates, 'update')}, ${countOf(deletes, 'delete')}`;
}

function numbersOf(plan: TablePlan | undefined): string {
  const { table, unchanged, rowsBefore, rowsAfter, changedColumns = [] } = plan ?? {};
  const columns = changedColumns.map(({ column, rows }) => [column, rows]);
  return JSON.stringify([table, unchanged, rowsBefore, rowsAfter, columns]);
}

function strategyOf({ tables, apply }: Pick<Plan, 'tables' | 'apply'>, { table }: TablePlan): string {
  return apply.tables[tables.findIndex((plan) => plan.table === table)] ?? 'nothing';
}

/** The path is left out: of several equal files, any may come first. */
function nameOf(upload: SavedUpload): string {
  return JSON.stringify({ ...toSavedUpload(upload), path: '' });
}
