/** What runs that died have left. Whoever holds the lease may put it right: no living run needs it. */
import type { Lease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import type { Run } from '../model/run.ts';
import type { Schema } from '../model/schema.ts';
import { TOUCH_PREFIX } from '../target/read-schema.ts';
import { standInFor } from '../target/stand-in.ts';
import type { Target } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';
import { giveNamesBack } from './give-names-back.ts';
import { statisticsOf } from './staged-batch.ts';
import { STAGING_PREFIX } from './staging-table.ts';
import { dropTrigger } from './touch-triggers.ts';

const LEFTOVERS = [STAGING_PREFIX, TOUCH_PREFIX, standInFor('')];

/** As a plan sees it; what there is under the lease, {@link removeLeftovers} finds out by itself. */
export function hasLeftovers({ ownThings }: Schema): boolean {
  return ownThings.some((name) => LEFTOVERS.some((prefix) => name.startsWith(prefix)));
}

/**
 * Triggers and staging tables go, and indexes get their names back.
 * @param schema as it was when this run planned
 */
export async function removeLeftovers(target: Target, schema: Schema, lease: Lease, run: Run): Promise<void> {
  const named = (prefix: string) => lease.ownThings.filter((name) => name.startsWith(prefix));
  const steps = [
    ...named(TOUCH_PREFIX).map(dropTrigger),
    // A search index comes before the tables inside it, which go with it.
    ...named(STAGING_PREFIX)
      .sort()
      .map((name) => ({ sql: `DROP TABLE IF EXISTS ${quoteName(name)}` })),
  ];
  if (steps.length > 0) await writeUnderLease(target, lease, steps, run);
  if (named(standInFor('')).length === 0) return;
  const tables = [...schema.tables.values()];
  await giveNamesBack({ target, lease, statistics: statisticsOf(schema) }, tables, run);
}
