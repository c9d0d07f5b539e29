/** The comparison without holding up the thread that answers the user. */
import type { Table } from '../model/schema.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { inThread } from '../util/in-thread.ts';
import { attachComparison, compareTables } from './compare-tables.ts';
import type { CompareTask } from './compare-worker.ts';
import type { Comparison, ComparisonResult } from './comparison.ts';

/** Up to this many rows the comparison is over before a thread would have started. */
const SMALL_ROWS = 20_000;

export interface CompareInput {
  readonly desired: LocalDatabase;
  readonly tables: readonly Table[];
  /** SQLite file with the same tables. */
  readonly actualFile: string;
  /** Path of a file to make. */
  readonly changesFile: string;
  /** About how many rows there are. */
  readonly rowCount: number;
}

export async function compareFiles(input: CompareInput, signal: AbortSignal): Promise<Comparison> {
  const { desired, tables, actualFile, changesFile, rowCount } = input;
  signal.throwIfAborted();
  if (rowCount <= SMALL_ROWS) return compareTables(desired, tables, actualFile, changesFile);
  const task: CompareTask = { desiredFile: desired.file, actualFile, changesFile, tables };
  // The same module as it lies beside this one: TypeScript in the repository, JavaScript in the package.
  const worker = new URL(`./compare-worker${import.meta.url.slice(-3)}`, import.meta.url);
  const result = await inThread<ComparisonResult>(worker, task, signal);
  return attachComparison(desired, result, actualFile, changesFile);
}
