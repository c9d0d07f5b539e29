import type { Outcome } from './outcome.ts';
import type { Plan } from './plan.ts';
import type { PruneOutcome, PrunePlan } from './prune.ts';

export type Stage =
  | 'build'
  | 'pull'
  | 'plan'
  | 'digest'
  | 'backup'
  | 'upload'
  | 'stage'
  | 'index'
  | 'apply'
  | 'verify'
  // Of a prune.
  | 'scan'
  | 'prune'
  // Of a pull: media.
  | 'fetch';

/** What the library tells whoever listens. Renderers turn these into text or JSON; nothing else prints. */
export type Event =
  | {
      readonly kind: 'run-started';
      readonly runId: string;
      readonly source: string;
      readonly target: string;
      readonly store: string;
    }
  | { readonly kind: 'stage-started'; readonly stage: Stage }
  | {
      readonly kind: 'stage-progress';
      readonly stage: Stage;
      readonly done: number;
      /** Undefined when it is not known beforehand. */ readonly total: number | undefined;
      readonly unit: string;
    }
  | { readonly kind: 'stage-finished'; readonly stage: Stage; readonly ms: number; readonly detail: string }
  | { readonly kind: 'plan-made'; readonly plan: Plan }
  | { readonly kind: 'plan-saved'; readonly file: string }
  | {
      readonly kind: 'file-stored';
      readonly path: string;
      readonly bytes: number;
      /** Of the attempt that succeeded. */
      readonly ms: number;
      /** Uploads under way when it ended, itself included. */
      readonly atOnce: number;
      readonly result: 'stored' | 'already-there';
    }
  | {
      readonly kind: 'upload-retried';
      readonly path: string;
      readonly attempt: number;
      readonly reason: string;
      readonly waitMs: number;
    }
  | { readonly kind: 'prune-planned'; readonly plan: PrunePlan }
  /** The store wants a pause; until then nothing is asked of it. */
  | { readonly kind: 'store-waiting'; readonly until: Date; readonly reason: string }
  | { readonly kind: 'prune-finished'; readonly outcome: PruneOutcome; readonly ms: number }
  | { readonly kind: 'report-written'; readonly file: string }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'run-finished'; readonly outcome: Outcome; readonly ms: number };

export type Emit = (event: Event) => void;
