/** Some files, for people: how many, how large. */
export interface FileSum {
  readonly files: number;
  readonly bytes: number;
}

/** What a prune would remove from the store, and why the rest stays; plain data. */
export interface PrunePlan {
  readonly formatVersion: 1;
  /** The targets whose rows and ledgers were looked at. */
  readonly targets: readonly string[];
  readonly store: string;
  readonly graceMs: number;
  /** Unused for at least the grace period. */
  readonly remove: FileSum & {
    /** The first public IDs of them. */
    readonly examples: readonly string[];
  };
  /** Unused for less. */
  readonly waiting: FileSum & {
    /** Until the first of them may go, in ms. */
    readonly nextInMs: number | undefined;
  };
  /** Used by no row, but by a backup on this machine, which an undo may bring back. */
  readonly keptByBackups: FileSum;
  /** Used by no row, but in another folder of the store than this prune may touch. */
  readonly elsewhere: FileSum;
  readonly used: FileSum;
  /** How many backups were looked at. */
  readonly backups: number;
}

export type PruneOutcome =
  | { readonly status: 'nothing'; readonly plan: PrunePlan }
  | {
      readonly status: 'pruned';
      /** As it was before anything was removed. */
      readonly plan: PrunePlan;
      readonly removed: FileSum;
    };
