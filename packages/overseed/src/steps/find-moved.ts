import type { Run } from '../model/run.ts';
import type { Actual } from '../pull/pull-target.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import type { Target } from '../target/target.ts';
import type { ScratchFolder } from '../util/scratch-folder.ts';
import { expectPages, findDifferences } from '../verify/find-differences.ts';

/** Looks at the target again. @returns names of the tables that no longer hold what was pulled */
export async function findMoved(
  target: Target,
  { file, tables, rowCount }: Actual,
  scratch: ScratchFolder,
  run: Run,
): Promise<string[]> {
  using database = LocalDatabase.scratch(file);
  const files = { pulled: scratch.file('look.db'), changes: scratch.file('look-changes.db') };
  const pulled = { database, tables, rowCount };
  using pages = expectPages(pulled, target, run.signal);
  const { different } = await findDifferences(pulled, pages, target, files, 'apply', run);
  return different.map(({ table }) => table);
}
