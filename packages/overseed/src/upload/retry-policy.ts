/** How stubborn uploads are: towards one file, and towards a store that fails again and again. */
export interface RetryPolicy {
  /** Tries of one file before it counts as failed. */
  readonly attempts: number;
  /** How long one try may take, in ms. */
  attemptMs(sizeBytes: number): number;
  /** Full jitter between 0 and a ceiling that doubles with each try, in ms. */
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  /** Retries of all files together: so many, and so many more for each file that was begun. */
  readonly budget: { readonly spare: number; readonly perFile: number };
  /** A store that failed so often in a row, and for so long, is down. */
  readonly down: { readonly failures: number; readonly ms: number };
  /** A store that asks for a longer pause is left alone, in ms; running again later finishes the job. */
  readonly longestPauseMs: number;
}

export const RETRY_POLICY: RetryPolicy = {
  // A store that fails one call in five still takes 180 files with a chance of failure of 1 in 50 000.
  attempts: 10,
  // A line of 25 kB/s, shared by all uploads under way, is slow but alive.
  attemptMs: (sizeBytes) => 60_000 + sizeBytes / 25,
  backoff: { baseMs: 400, maxMs: 8_000 },
  budget: { spare: 500, perFile: 3 },
  down: { failures: 12, ms: 15_000 },
  longestPauseMs: 120_000,
};
