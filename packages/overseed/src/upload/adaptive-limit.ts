/**
 * How many uploads at once. Grows while all goes well; when the store says that it is too much, it steps back and
 * remembers where that was, stays below it, and tries one more only after a long quiet time.
 */

/** Successes at the remembered ceiling before one more is tried. */
const PROBE_AFTER = 200;

/** What an upload says of how the store took it. */
export interface Slot {
  succeeded(): void;
  throttled(): void;
}

export class AdaptiveLimit {
  #limit: number;
  #ceiling: number;
  readonly #max: number;
  #running = 0;
  #successes = 0;
  /** Grows each time the limit steps back. */
  #epoch = 0;
  readonly #waiting: (() => void)[] = [];

  constructor({ startAt, max }: { startAt: number; max: number }) {
    this.#limit = Math.min(startAt, max);
    this.#ceiling = max;
    this.#max = max;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Waits for a free slot, runs `work`, frees the slot. */
  async run<T>(work: (slot: Slot) => Promise<T>): Promise<T> {
    if (this.#running < this.#limit) this.#running++;
    else await new Promise<void>((start) => this.#waiting.push(start));
    const epoch = this.#epoch;
    try {
      return await work({
        succeeded: () => this.#succeeded(),
        // Uploads that were under way when the store complained report the same jam again: it counts once.
        throttled: () => {
          if (epoch === this.#epoch) this.#throttled();
        },
      });
    } finally {
      this.#running--;
      this.#wake();
    }
  }

  #succeeded(): void {
    this.#successes++;
    if (this.#limit < this.#ceiling) {
      if (this.#successes < this.#limit) return;
      this.#limit++;
    } else {
      if (this.#successes < PROBE_AFTER || this.#ceiling === this.#max) return;
      this.#ceiling++;
      this.#limit++;
    }
    this.#successes = 0;
    this.#wake();
  }

  #throttled(): void {
    this.#epoch++;
    this.#successes = 0;
    this.#ceiling = Math.max(1, Math.min(this.#ceiling, this.#limit - 1));
    this.#limit = Math.max(1, Math.floor(this.#ceiling * 0.75));
  }

  #wake(): void {
    while (this.#running < this.#limit) {
      const start = this.#waiting.shift();
      if (!start) return;
      // Counted here and not when it goes on, which is later: else the slot would be given away twice.
      this.#running++;
      start();
    }
  }
}
