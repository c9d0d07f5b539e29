/**
 * How many uploads at once. It doubles while all goes well; when the store says that it is too much, it steps back to what
 * the store has just taken, stays there, and tries one more only after a quiet time, which grows with each vain attempt.
 */

/** Successes for each place, before one more place is tried than the store took last time. */
const PATIENCE = 2;
const MAX_PATIENCE = 64;
/** So many failures in a row, of whatever kind that passes, mean that the store has too much to do. */
const JAM = 6;

/** One upload under way; says once how it ended. */
export interface Slot {
  /** `throttled`: the store said that it is asked too much. `neither` says nothing about the store. */
  end(
    outcome: 'succeeded' | 'throttled' | 'failed' | 'neither',
    /** Uploads that have not begun: with fewer than there are places, nobody needs another place. */ waiting?: number,
  ): void;
}

export class AdaptiveLimit {
  readonly #max: number;
  #limit: number;
  #running = 0;
  /** The fewest at once that were too many; undefined while nothing was refused. */
  #refusedAt: number | undefined;
  /** Grows each time that the limit begins to step back. */
  #epoch = 0;
  /** One burst of refusals takes the limit down to here and no further. */
  #floor = 1;
  #successes = 0;
  #failuresInARow = 0;
  #patience = PATIENCE;
  #probing = false;

  constructor({ startAt, max }: { startAt: number; max: number }) {
    this.#max = max;
    this.#limit = Math.min(startAt, max);
  }

  get limit(): number {
    return this.#limit;
  }

  get running(): number {
    return this.#running;
  }

  /**
   * For when nobody was turned away for a while, although no upload has ended yet: a store that is asked too much says so
   * at once. Only before anything is known of it.
   */
  headStart(): void {
    if (this.#epoch > 0 || this.#refusedAt !== undefined || this.#failuresInARow > 0) return;
    this.#limit = Math.min(this.#limit * 2, this.#max);
  }

  /** Only while fewer than {@link limit} are running. */
  start(): Slot {
    this.#running++;
    const epoch = this.#epoch;
    let ended = false;
    return {
      end: (outcome, waiting = Number.POSITIVE_INFINITY) => {
        if (ended) return;
        ended = true;
        if (outcome === 'throttled') this.#throttled(epoch);
        this.#running--;
        if (outcome === 'succeeded') this.#succeeded(waiting);
        if (outcome === 'throttled' || outcome === 'failed') this.#failed(epoch);
      },
    };
  }

  #succeeded(waiting: number): void {
    this.#failuresInARow = 0;
    this.#successes++;
    if (this.#limit >= this.#max || waiting < this.#limit) return;
    if (this.#refusedAt === undefined) {
      this.#grow();
      return;
    }
    const isNew = this.#limit + 1 >= this.#refusedAt;
    if (this.#successes < this.#limit * (isNew ? this.#patience : 1)) return;
    if (this.#probing && isNew) this.#patience = PATIENCE; // The last probe went well: the store takes more than it did.
    this.#probing = isNew;
    if (isNew) this.#refusedAt = this.#limit + 2;
    this.#grow();
  }

  #grow(): void {
    this.#limit++;
    this.#successes = 0;
  }

  /** Those that the store did take are still running, this one aside: that is what it takes. */
  #throttled(epoch: number): void {
    this.#stepBack(epoch, this.#running - 1);
    this.#refusedAt = this.#limit + 1;
  }

  #failed(epoch: number): void {
    if (++this.#failuresInARow < Math.max(JAM, this.#limit)) return;
    this.#failuresInARow = 0;
    const before = this.#limit;
    this.#stepBack(epoch, Math.floor(before / 2));
    this.#refusedAt ??= before + 1;
  }

  /** Uploads that were under way when it first stepped back report the same jam: together they at most halve the limit. */
  #stepBack(epoch: number, to: number): void {
    if (epoch === this.#epoch) {
      this.#epoch++;
      this.#floor = Math.max(1, Math.floor(this.#limit / 2));
      if (this.#probing) this.#patience = Math.min(this.#patience * 2, MAX_PATIENCE);
      this.#probing = false;
    }
    this.#limit = Math.min(this.#limit, Math.max(this.#floor, to));
    this.#successes = 0;
  }
}
