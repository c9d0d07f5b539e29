import { attachComparison } from '../../plan/compare-tables.ts';
import type { Comparison } from '../../plan/comparison.ts';
import { LocalDatabase } from '../../sqlite/local-database.ts';

/**
 * The same comparison over a connection of its own. A question that was left halfway holds its files, and the run must be
 * able to go on whatever becomes of a report.
 */
export function ownComparison({ files, scope, tables }: Comparison): Comparison {
  const database = new LocalDatabase(files.desired);
  try {
    const own = attachComparison(database, { scope, tables }, files.actual, files.changes);
    return { ...own, [Symbol.dispose]: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}
