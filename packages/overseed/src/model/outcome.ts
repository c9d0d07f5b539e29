import type { Plan } from './plan.ts';
import type { StoreCost } from './store-cost.ts';

/** Why a push did nothing although there was something to do. */
export type RefusalReason = {
  readonly kind: 'target-has-data';
  readonly tables: readonly { table: string; rows: number }[];
};

/** How a push ended, with its evidence. A failure is thrown as an `OverseedError`. */
export type Outcome =
  | { readonly status: 'unchanged'; readonly plan: Plan; readonly proof: Proof }
  | { readonly status: 'planned'; readonly plan: Plan }
  | { readonly status: 'refused'; readonly plan: Plan; readonly reason: RefusalReason }
  | {
      readonly status: 'applied';
      readonly plan: Plan;
      readonly runId: string;
      /** Path of the sealed backup; undefined when there was nothing to back up or none was wanted. */
      readonly backup: string | undefined;
      readonly uploads: UploadTally;
      /** What was uploaded in the end, on top of what had been used before; undefined when nothing was to be. */
      readonly storeCost?: StoreCost;
      /** Rows written by the apply batch in the target's own accounting, our bookkeeping included. */
      readonly rowsWritten: number;
      readonly proof: Proof;
    };

export interface UploadTally {
  readonly uploaded: number;
  readonly alreadyThere: number;
  readonly bytes: number;
  readonly retries: number;
}

/** What was compared and found equal. */
export interface Proof {
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
  readonly assetsChecked: number;
}
