/** The comparison without holding up the thread that answers the user. */
import { openApart, SMALL_ROWS } from '../sqlite/apart.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { attachComparison } from './compare-tables.ts';
import * as comparer from './comparer.ts';
import type { Comparison } from './comparison.ts';

export interface CompareInput extends Omit<comparer.CompareTask, 'desiredFile'> {
  readonly desired: LocalDatabase;
  /** About how many rows there are. */
  readonly rowCount: number;
}

/** @throws SOURCE_INVALID for rows above `maxRowBytes` */
export async function compareFiles(input: CompareInput, signal: AbortSignal): Promise<Comparison> {
  const { desired, rowCount, ...rest } = input;
  const heavy = rowCount > SMALL_ROWS;
  const task = { ...rest, desiredFile: desired.file };
  using apart = openApart(comparer.open, comparer.module, task, { heavy, signal });
  const result = await apart.call('compare');
  return attachComparison(desired, result, rest.actualFile, rest.changesFile);
}
