/** How long many things took, in bounded memory: counted by size, each class 5 % wider than the one before. */
import type { Latency } from '../facts.ts';

const GROWTH = Math.log(1.05);

export class Latencies {
  readonly #classes = new Map<number, number>();
  #count = 0;
  #slowest = 0;

  add(ms: number): void {
    const number = Math.ceil(Math.log(Math.max(ms, 0.1)) / GROWTH);
    this.#classes.set(number, (this.#classes.get(number) ?? 0) + 1);
    this.#count++;
    this.#slowest = Math.max(this.#slowest, ms);
  }

  /** Exact to 5 %; undefined when nothing was added. */
  summary(): Latency | undefined {
    if (this.#count === 0) return undefined;
    return { median: this.#quantile(0.5), p95: this.#quantile(0.95), slowest: this.#slowest };
  }

  #quantile(share: number): number {
    let seen = 0;
    for (const [number, count] of [...this.#classes].sort(([a], [b]) => a - b)) {
      seen += count;
      if (seen >= this.#count * share) return Math.min(Math.exp(number * GROWTH), this.#slowest);
    }
    return this.#slowest;
  }
}
