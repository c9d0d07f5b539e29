/** A server that answers 429 has done nothing with the request: it is sent again when the server wants it. */
import { OverseedError } from '../../model/error.ts';
import { backoffMs, wait } from '../../util/wait.ts';
import type { HranaAddress } from './address.ts';
import { HttpRefusal } from './client.ts';

/** How long all waits for one request may take together, in ms. */
const PATIENCE_MS = 60_000;

/**
 * Obeys `Retry-After`, where the server sends it, as long as that keeps within {@link PATIENCE_MS}.
 * @param signal ends the waiting, not the request
 * @throws TARGET_THROTTLED, and whatever `request` throws apart from a 429
 */
export async function withoutHaste<T>(
  address: HranaAddress,
  request: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const start = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof HttpRefusal) || error.status !== 429) throw error;
      const asked = error.retryAfterMs;
      // A little later than asked, and not all at the same moment.
      const waitMs = asked === undefined ? backoffMs(attempt, { baseMs: 500, maxMs: 8_000 }) : asked;
      const waitedMs = performance.now() - start;
      if (waitedMs + waitMs > PATIENCE_MS) throw throttled(address, error, waitedMs);
      await wait(waitMs + 50 + Math.random() * 200, signal);
    }
  }
}

function throttled(address: HranaAddress, error: HttpRefusal, waitedMs: number): OverseedError {
  const asked = error.retryAfterMs;
  const wish = asked === undefined ? '' : ` It asks to be left alone for ${Math.ceil(asked / 1_000)} s.`;
  const long = waitedMs < 1_000 ? '' : `, for ${Math.round(waitedMs / 1_000)} s now`;
  return new OverseedError('TARGET_THROTTLED', {
    what: `${address.label} answers that there are too many requests (${error.message})${long}.${wish}`,
    state: 'old',
    next: 'Wait, or stop what else keeps it busy; then run the same command again.',
    cause: error,
  });
}
