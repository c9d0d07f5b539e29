/** Staging tables of runs that died. Whoever holds the lease may remove them: no living run can have any. */
import type { Run } from '../model/run.ts';
import type { Target } from '../target/target.ts';
import { writeAgain } from '../target/write-again.ts';
import { quoteName } from '../util/sql.ts';
import { STAGING_PREFIX } from './staging-table.ts';

/** @param tableNames all tables of the target */
export async function removeLeftovers(target: Target, tableNames: Iterable<string>, run: Run): Promise<void> {
  const leftovers = [...tableNames].filter((name) => name.startsWith(STAGING_PREFIX));
  if (leftovers.length === 0) return;
  await writeAgain(
    target,
    leftovers.map((name) => ({ sql: `DROP TABLE IF EXISTS ${quoteName(name)}` })),
    run,
  );
}
