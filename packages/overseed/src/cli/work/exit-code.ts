import type { Outcome } from '../../model/outcome.ts';
import { isEmpty } from '../../model/plan.ts';

/** Nothing was done because nobody agreed to it. */
const REFUSED = 3;
/** Only where it is asked for: a plan that is not empty. */
const CHANGES_PRESENT = 2;

export function exitCodeOf(outcome: Outcome, { isDetailed = false }: { isDetailed?: boolean } = {}): number {
  if (outcome.status === 'refused') return REFUSED;
  return isDetailed && outcome.status === 'planned' && !isEmpty(outcome.plan) ? CHANGES_PRESENT : 0;
}
