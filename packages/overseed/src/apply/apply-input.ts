import type { Lease } from '../lease/lease.ts';
import type { ApplyStrategy } from '../model/plan.ts';
import type { Comparison } from '../plan/comparison.ts';
import type { Target } from '../target/target.ts';
import type { BatchInput } from './batch.ts';
import type { Planned } from './watch.ts';

/** What is to be done, where, and what it was planned from. */
export interface ApplyInput extends BatchInput {
  readonly target: Target;
  readonly comparison: Comparison;
  readonly strategy: ApplyStrategy;
  readonly lease: Lease;
  readonly planned: Planned;
}
