/** The Admin API's allowance: so many calls per clock hour, with its three headers. */
import { ApiError } from './api-error.ts';

const HOUR_MS = 3_600_000;

export class AdminQuota {
  readonly #perHour: number;
  #hour = 0;
  #used = 0;

  constructor(perHour: number) {
    this.#perHour = perHour;
  }

  /** @throws ApiError 420 when this hour's calls are used up */
  spend(nowMs: number): void {
    this.#turnTo(nowMs);
    if (this.#used >= this.#perHour) {
      const again = new Date((this.#hour + 1) * HOUR_MS).toISOString().slice(0, 19).replace('T', ' ');
      throw new ApiError(
        420,
        `Rate Limit Exceeded. Limit of ${this.#perHour} api operations reached. Try again on ${again} UTC`,
      );
    }
    this.#used++;
  }

  headers(nowMs: number): Record<string, string> {
    this.#turnTo(nowMs);
    return {
      'X-FeatureRateLimit-Limit': String(this.#perHour),
      'X-FeatureRateLimit-Remaining': String(Math.max(0, this.#perHour - this.#used)),
      'X-FeatureRateLimit-Reset': new Date((this.#hour + 1) * HOUR_MS).toUTCString(),
    };
  }

  #turnTo(nowMs: number): void {
    const hour = Math.floor(nowMs / HOUR_MS);
    if (hour === this.#hour) return;
    this.#hour = hour;
    this.#used = 0;
  }
}
