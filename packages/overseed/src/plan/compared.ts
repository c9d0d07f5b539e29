import type { LedgerEntry, MeasuredAsset } from '../model/asset.ts';
import type { Plan } from '../model/plan.ts';
import type { Comparison } from './comparison.ts';

/** What was found out about both sides, for somebody who wants to see more than the plan tells. */
export interface Compared {
  /** Its files are gone as soon as the run goes on. */
  readonly comparison: Comparison;
  readonly plan: Plan;
  /** Every asset of the source. */
  readonly assets: readonly MeasuredAsset[];
  /** By hash: what the target knew of its assets; empty when it keeps no ledger. */
  readonly ledger: ReadonlyMap<string, LedgerEntry>;
}
