import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { AdaptiveLimit } from './adaptive-limit.ts';

/** A store that takes `capacity` at once and turns others away. */
async function upload(limit: AdaptiveLimit, count: number, capacity: number) {
  let running = 0;
  let most = 0;
  let refused = 0;
  const one = async (): Promise<void> => {
    const taken = await limit.run(async (slot) => {
      most = Math.max(most, ++running);
      const fits = running <= capacity;
      await sleep(1);
      running--;
      if (fits) slot.succeeded();
      else {
        refused++;
        slot.throttled();
      }
      return fits;
    });
    if (!taken) await one();
  };
  await Promise.all(Array.from({ length: count }, one));
  return { most, refused };
}

describe('the adaptive limit', () => {
  test('finds what the store takes, and stays under it', async () => {
    const limit = new AdaptiveLimit({ startAt: 8, max: 24 });
    const { refused } = await upload(limit, 600, 10);
    expect(limit.limit).toBeLessThanOrEqual(10);
    expect(limit.limit).toBeGreaterThanOrEqual(6);
    // Each step too far turns away at most what is under way; there are few such steps.
    expect(refused).toBeLessThan(60);
  });

  test('grows to its maximum where the store takes all', async () => {
    const limit = new AdaptiveLimit({ startAt: 8, max: 24 });
    const { most, refused } = await upload(limit, 900, 100);
    expect({ most, refused, now: limit.limit }).toEqual({ most: 24, refused: 0, now: 24 });
  });

  test('never falls below one', async () => {
    const limit = new AdaptiveLimit({ startAt: 1, max: 4 });
    await limit.run(async (slot) => slot.throttled());
    expect(limit.limit).toBe(1);
    expect(await limit.run(async () => 'done')).toBe('done');
  });
});
