/** What a run is made of. */
import type { AssetStore } from '../assets/asset-store.ts';
import type { Retention } from '../backups/backups.ts';
import type { AssetColumns } from '../model/asset-columns.ts';
import type { TableStrategy } from '../model/plan.ts';
import type { Compared } from '../plan/compared.ts';
import type { SavedPlan } from '../saved-plan/saved-plan.ts';
import type { Source } from '../source/source.ts';
import type { Target } from '../target/target.ts';
import type { RetryPolicy } from '../upload/retry-policy.ts';

export interface Parts {
  readonly source: Source;
  readonly target: Target;
  readonly assetStore: AssetStore;
  /** By table name. */
  readonly assetColumns: Readonly<Record<string, AssetColumns>>;
  /** Folder of the backups; undefined makes none. */
  readonly backups: string | undefined;
  /** Folder where the last known state of a large target is kept; undefined keeps none. */
  readonly states?: string | undefined;
  /** Which backups stay after a success. */
  readonly retention?: Retention;
  /** Tables outside the source whose rows may follow rows that go away, as their foreign keys say. */
  readonly allowCascade?: readonly string[];
  /** How a user brings the target's schema up to date, as the start of a sentence. */
  readonly howToMigrate: string;
  /** Ask the store for every asset that the ledger knows, and store again what is gone. */
  readonly recheckAssets?: boolean;
  readonly uploads?: {
    /** What becomes of files that a run has stored before it failed. By default they wait for the next run. */
    readonly afterFailure?: 'keep' | 'remove';
    /** Overrides parts of the built-in one. */
    readonly policy?: Partial<RetryPolicy>;
  };
  /** The plan somebody looked at: exactly that is done, or nothing. Not a consent to overwrite. */
  readonly reviewed?: SavedPlan;
  /** Let the plan say what it was made from, although it is not saved; costs a pass over all rows. */
  readonly fingerprints?: boolean;
  /** Told of each comparison while its files are open, before anything is done about it. It must not change them. */
  readonly onCompared?: (compared: Compared) => void;
  /** Forces every changed table to be applied so; by default the plan chooses. */
  readonly strategy?: Exclude<TableStrategy, 'none'>;
}
