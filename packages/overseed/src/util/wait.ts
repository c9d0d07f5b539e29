import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after `ms`, or rejects at once with the signal's reason. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}

/** Full jitter: a random time between 0 and an exponentially growing ceiling, in ms. */
export function backoffMs(attempt: number, { baseMs, maxMs }: { baseMs: number; maxMs: number }): number {
  return Math.random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
}
