/** Work that the end of the process must not cut short. */
import { setTimeout as sleep } from 'node:timers/promises';

const held = new Set<Promise<unknown>>();

export function finishBeforeExit(work: Promise<unknown>): void {
  const settled = work.catch(() => undefined).finally(() => held.delete(settled));
  held.add(settled);
}

/** Resolves when all of it is done, or after `longestMs`. */
export async function readyToExit(longestMs: number): Promise<void> {
  await Promise.race([Promise.all(held), sleep(longestMs, undefined, { ref: false })]);
}
