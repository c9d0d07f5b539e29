import { describe, expect, test } from 'vitest';
import { AdaptiveLimit, type Slot } from './adaptive-limit.ts';

/**
 * Uploads `count` files in simulated time, as many at once as the limit says. An upload takes ten ticks; one that comes
 * when the store is full is turned away after one.
 */
function upload(limit: AdaptiveLimit, count: number, { capacity }: { capacity: number }) {
  const ends: { at: number; slot: Slot; fits: boolean }[] = [];
  let now = 0;
  let left = count;
  let inside = 0;
  let most = 0;
  let refused = 0;
  while (left > 0 || ends.length > 0) {
    for (; left > 0 && limit.running < limit.limit; left--) {
      const fits = inside < capacity;
      if (fits) inside++;
      ends.push({ at: now + (fits ? 10 : 1), slot: limit.start(), fits });
      most = Math.max(most, limit.running);
    }
    ends.sort((a, b) => b.at - a.at);
    const { at, slot, fits } = ends.pop() as (typeof ends)[number];
    now = at;
    slot.end(fits ? 'succeeded' : 'throttled');
    if (fits) inside--;
    else {
      refused++;
      left++;
    }
  }
  return { most, refused, now };
}

describe('the adaptive limit', () => {
  test.each([10, 12, 20])('finds that a store takes %i at once, and stays there', (capacity) => {
    const limit = new AdaptiveLimit({ startAt: 8, max: 24 });
    upload(limit, 100, { capacity });
    expect(limit.limit).toBe(capacity);
    const later = upload(limit, 900, { capacity });
    expect(limit.limit).toBeGreaterThanOrEqual(capacity - 1);
    expect(limit.limit).toBeLessThanOrEqual(capacity + 1);
    // It tries one more now and then, and less and less often.
    expect(later.refused).toBeLessThan(20);
  });

  test('keeps close to the fastest way there is', () => {
    const limit = new AdaptiveLimit({ startAt: 10, max: 24 });
    const { now } = upload(limit, 180, { capacity: 20 });
    // Nine rounds of twenty.
    expect(now).toBeLessThan(1.2 * 9 * 10);
  });

  test('takes a head start once, and only while nobody was turned away', () => {
    const limit = new AdaptiveLimit({ startAt: 10, max: 24 });
    limit.headStart();
    expect(limit.limit).toBe(20);
    const slots = Array.from({ length: 13 }, () => limit.start());
    slots[0]?.end('throttled');
    expect(limit.limit).toBe(12);
    limit.headStart();
    expect(limit.limit).toBe(12);
  });

  test('grows no more when fewer uploads wait than there are places', () => {
    const limit = new AdaptiveLimit({ startAt: 10, max: 24 });
    limit.start().end('succeeded', 9);
    expect(limit.limit).toBe(10);
    limit.start().end('succeeded', 10);
    expect(limit.limit).toBe(11);
  });

  test('doubles from round to round where the store takes all, up to its maximum', () => {
    const limit = new AdaptiveLimit({ startAt: 6, max: 24 });
    for (let success = 0; success < 6; success++) limit.start().end('succeeded');
    expect(limit.limit).toBe(12);
    const { most, refused } = upload(limit, 300, { capacity: 100 });
    expect({ most, refused, limit: limit.limit }).toEqual({ most: 24, refused: 0, limit: 24 });
  });

  test('one burst of refusals at most halves it; the next one halves it again', () => {
    const limit = new AdaptiveLimit({ startAt: 16, max: 24 });
    const burst = () =>
      Array.from({ length: limit.limit }, () => limit.start()).map((slot) => slot.end('throttled'));
    burst();
    expect(limit.limit).toBe(8);
    burst();
    expect(limit.limit).toBe(4);
    for (let again = 0; again < 5; again++) burst();
    expect(limit.limit).toBe(1);
  });

  test('failures now and then do not slow it down, failures in a row do', () => {
    const limit = new AdaptiveLimit({ startAt: 10, max: 24 });
    for (let call = 0; call < 200; call++) limit.start().end(call % 4 === 0 ? 'failed' : 'succeeded');
    expect(limit.limit).toBe(24);
    for (let call = 0; call < 24; call++) limit.start().end('failed');
    expect(limit.limit).toBe(12);
  });

  test('finds its way back after a jam', () => {
    const limit = new AdaptiveLimit({ startAt: 16, max: 24 });
    for (let call = 0; call < 60; call++) limit.start().end('failed');
    expect(limit.limit).toBeLessThan(8);
    upload(limit, 600, { capacity: 100 });
    expect(limit.limit).toBeGreaterThanOrEqual(16);
  });
});
