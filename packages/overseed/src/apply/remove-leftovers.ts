/** What runs that died have left. Whoever holds the lease may put it right: no living run needs it. */
import type { Lease } from '../lease/lease.ts';
import type { Run } from '../model/run.ts';
import type { Schema } from '../model/schema.ts';
import type { Target } from '../target/target.ts';
import { writeAgain } from '../target/write-again.ts';
import { quoteName } from '../util/sql.ts';
import { giveNamesBack } from './index-names.ts';
import { statisticsOf } from './staged-batch.ts';
import { STAGING_PREFIX } from './staging-table.ts';
import { TOUCHED_TABLE, unwatchAll } from './touch-triggers.ts';

export function hasLeftovers(schema: Schema): boolean {
  return (
    schema.standIns.length > 0 || schema.otherThings.has(TOUCHED_TABLE) || stagingTables(schema).length > 0
  );
}

function stagingTables({ otherThings }: Schema): string[] {
  return [...otherThings.keys()].filter((name) => name.startsWith(STAGING_PREFIX));
}

/** Staging tables and triggers go, and indexes get their names back. */
export async function removeLeftovers(target: Target, schema: Schema, lease: Lease, run: Run): Promise<void> {
  const staging = stagingTables(schema);
  if (staging.length > 0) {
    const steps = staging.map((name) => ({ sql: `DROP TABLE IF EXISTS ${quoteName(name)}` }));
    await writeAgain(target, steps, run);
  }
  if (schema.otherThings.has(TOUCHED_TABLE)) await unwatchAll(target, lease, run);
  if (schema.standIns.length === 0) return;
  const work = { target, lease, statistics: statisticsOf(schema) };
  await giveNamesBack(work, { all: schema.tables.values(), known: [] }, run);
}
