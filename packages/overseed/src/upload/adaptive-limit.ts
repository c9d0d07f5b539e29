/** How many uploads at once: grows by one while all goes well, halves when the store says it is too much. */

interface Waiter {
  readonly start: () => void;
}

export class AdaptiveLimit {
  #limit: number;
  readonly #max: number;
  #running = 0;
  #successes = 0;
  #throttledAt = -Infinity;
  readonly #waiting: Waiter[] = [];

  constructor({ startAt, max }: { startAt: number; max: number }) {
    this.#limit = Math.min(startAt, max);
    this.#max = max;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Waits for a free slot, runs `work`, frees the slot. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) await new Promise<void>((start) => this.#waiting.push({ start }));
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      this.#wake();
    }
  }

  succeeded(): void {
    this.#successes++;
    if (this.#successes < this.#limit || this.#limit >= this.#max) return;
    this.#successes = 0;
    this.#limit++;
    this.#wake();
  }

  throttled(): void {
    // Uploads that were under way when the limit was halved report the same jam: they do not halve it again.
    const now = performance.now();
    if (now - this.#throttledAt < 1_000) return;
    this.#throttledAt = now;
    this.#successes = 0;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
  }

  #wake(): void {
    const free = this.#limit - this.#running;
    for (const waiter of this.#waiting.splice(0, Math.max(0, free))) waiter.start();
  }
}
