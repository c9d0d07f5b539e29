/** A store that fails one call in five, loses answers, hangs, takes twelve at once and few questions an hour: all arrive. */
import type { Fault } from 'local-cloud';
import { describe, expect, test } from 'vitest';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import { gallery, type MediaBench, mediaBench } from '../support/media.ts';

const COUNT = 180;
const SEEDS = [11, 22, 33, 44, 55, 66, 77, 88, 99, 110];

/** One upload in five fails, in one of the ways that uploads fail. */
const FAULTS: readonly Fault[] = [
  { kind: 'latency', ms: 15, route: 'upload' },
  { kind: 'status', status: 500, rate: 0.03, route: 'upload' },
  { kind: 'status', status: 502, rate: 0.03, route: 'upload', when: 'arrival' },
  { kind: 'status', status: 503, rate: 0.03, route: 'upload', when: 'after-commit' },
  { kind: 'status', status: 499, rate: 0.03, route: 'upload' },
  { kind: 'drop', rate: 0.03, route: 'upload' },
  // Stored, and the answer is lost.
  { kind: 'drop', rate: 0.03, route: 'upload', when: 'after-commit' },
  { kind: 'truncated-json', rate: 0.02, route: 'upload' },
  { kind: 'hang', rate: 0.005, route: 'upload' },
  { kind: 'hang', rate: 0.005, route: 'upload', when: 'after-commit' },
  { kind: 'reset-idle', rate: 0.03, route: 'upload', afterMs: 5 },
  { kind: 'status', status: 503, rate: 0.2, route: 'admin' },
  { kind: 'status', status: 503, rate: 0.2, route: 'delivery' },
];

/** Looks at the rows until it is told to stop: they must be all old or all new, and new ones need all their images. */
async function watch(bench: MediaBench, signal: AbortSignal): Promise<{ looks: number }> {
  let looks = 0;
  while (!signal.aborted) {
    const rows = await bench.target.rows('SELECT title, url FROM pictures ORDER BY id');
    const stored = new Set<SqlValue>(
      bench.cloudinary
        .assets()
        .map(({ public_id }) => `${bench.cloudinary.url}/demo/image/upload/v1/${public_id}.png`),
    );
    const isNew = String(rows[0]?.[0]).startsWith('New');
    expect(rows).toHaveLength(isNew ? COUNT : 3);
    expect(rows.every(([title]) => String(title).startsWith(isNew ? 'New' : 'Old'))).toBe(true);
    expect(rows.filter(([, url]) => !stored.has(url ?? null))).toEqual([]);
    looks++;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { looks };
}

describe.concurrent('against a hostile store, 180 of 180 arrive once, and rows change when all are there', () => {
  // Some ten seconds each, on a machine that has nothing else to do.
  test.each(SEEDS)('seed %i', { timeout: 300_000 }, async (seed) => {
    await using bench = await mediaBench({
      target: 'remote',
      cloudinary: { seed, uploadConcurrency: 12, adminPerHour: 10 },
    });
    await bench.paint('old1.png', 'old2.png', 'old3.png', ...(Object.values(gallery(COUNT)) as string[]));
    await bench.push({ 1: 'old1.png', 2: 'old2.png', 3: 'old3.png' }, { titles: 'Old' });
    for (const fault of FAULTS) bench.cloudinary.faults.set(fault);

    const done = new AbortController();
    const watching = watch(bench, done.signal);
    const { outcome } = await bench
      .push(gallery(COUNT), {
        titles: 'New',
        // A hanging try is given up sooner than a user would want to wait for.
        parts: { uploads: { policy: { attemptMs: () => 4_000 } } },
      })
      .finally(() => done.abort());
    const { looks } = await watching;
    if (outcome.status !== 'applied') throw new Error(outcome.status);
    const counters = bench.cloudinary.counters();
    const { uploaded, alreadyThere, retries } = outcome.uploads;
    console.info(
      `seed ${seed}: ${retries} retries, ${counters.throttled} turned away, ${alreadyThere} answers lost, ${looks} looks at the rows`,
    );
    expect(outcome.proof.assetsChecked).toBe(COUNT);
    expect(uploaded + alreadyThere).toBe(COUNT);
    expect(retries).toBeGreaterThan(15);
    expect(looks).toBeGreaterThan(3);
    const assets = bench.cloudinary.assets();
    expect(assets).toHaveLength(COUNT + 3);
    expect(new Set(assets.map(({ etag }) => etag)).size).toBe(COUNT + 3);
    expect(counters.overwritten).toBe(0);
    const ledger = await bench.ledger();
    expect(ledger.filter(({ stored, unused }) => stored && !unused)).toHaveLength(COUNT);
    expect(ledger.map(({ publicId, etag }) => [publicId, etag])).toEqual(
      assets.map(({ public_id, etag }) => [public_id, etag]),
    );
  });
});
