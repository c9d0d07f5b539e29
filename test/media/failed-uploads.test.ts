/** What becomes of files that were stored before a push failed: the next run has them, or they are removed. */
import { describe, expect, test } from 'vitest';
import { UploadFailed } from '../../packages/overseed/src/upload/upload-failure.ts';
import { gallery, type MediaBench, mediaBench, storedIds } from '../support/media.ts';

const ROLLBACK = { parts: { uploads: { afterFailure: 'remove' } } } as const;

/** A push of `count` pictures that is cancelled after `stored` of them. */
async function pushAndCancel(bench: MediaBench, count: number, stored: number, options: object = {}) {
  const controller = new AbortController();
  const running = bench.push(gallery(count), {
    ...options,
    signal: controller.signal,
    onEvent: (event) => {
      if (event.kind === 'stage-progress' && event.stage === 'upload' && event.done === stored)
        controller.abort(new Error('enough'));
    },
  });
  await expect(running).rejects.toThrow('enough');
}

describe.concurrent('after a push that failed, the old rows are there and', () => {
  test('what was stored waits for the next run, and nothing is sent twice', async () => {
    await using bench = await mediaBench();
    await bench.paint(...(Object.values(gallery(40)) as string[]));
    bench.cloudinary.faults.set({ kind: 'latency', ms: 5, route: 'upload' });
    await pushAndCancel(bench, 40, 25);
    expect(await bench.target.rows('SELECT count(*) FROM pictures')).toEqual([[0n]]);
    const stored = (await bench.ledger()).filter((entry) => entry.stored);
    expect(stored.length).toBeGreaterThanOrEqual(25);
    expect(stored.every(({ unused }) => unused)).toBe(true);
    const before = bench.cloudinary.counters();
    const { outcome } = await bench.push(gallery(40));
    expect(outcome).toMatchObject({ status: 'applied', plan: { reusedAssets: stored.length } });
    const after = bench.cloudinary.counters();
    // Those that were under way when it was cancelled are asked for, in one question; none is sent twice.
    expect(after.uploadRequests - before.uploadRequests).toBeLessThanOrEqual(40 - stored.length);
    expect(after.existing).toBe(0);
    expect(after.adminCalls - before.adminCalls).toBeLessThanOrEqual(2 + 1);
    expect(storedIds(bench)).toHaveLength(40);
    expect((await bench.ledger()).every((entry) => entry.stored && !entry.unused)).toBe(true);
  });

  test('the error names every file that failed with its reason, and nothing else was lost', async () => {
    await using bench = await mediaBench();
    await bench.paint(...(Object.values(gallery(60)) as string[]));
    bench.cloudinary.faults.set({
      kind: 'refuse',
      route: 'upload',
      match: /\/p[1-4]\d-/,
      message: 'Too wild',
    });
    const failure = await bench.push(gallery(60)).catch((error: unknown) => error as UploadFailed);
    expect(failure).toBeInstanceOf(UploadFailed);
    const { code, what, state, failures } = failure as UploadFailed;
    expect({ code, state }).toEqual({ code: 'ASSETS_FAILED', state: 'old' });
    const wild = Array.from({ length: 40 }, (_, index) => `p${index + 10}.png`);
    expect(failures.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual(
      wild.map((path) => ({ path, reason: 'Too wild' })),
    );
    for (const path of wild) expect(what).toContain(`  ${path}: Too wild`);
    expect(storedIds(bench)).toHaveLength(20);
    bench.cloudinary.faults.clear();
    const { outcome } = await bench.push(gallery(60));
    expect(outcome).toMatchObject({ uploads: { uploaded: 40, alreadyThere: 0 } });
  });

  test('--rollback-assets removes what this run stored, and only that', async () => {
    await using bench = await mediaBench();
    await bench.paint(...(Object.values(gallery(30)) as string[]));
    await bench.push(gallery(5));
    const before = { ids: storedIds(bench), ledger: await bench.ledger() };
    bench.cloudinary.faults.set({ kind: 'refuse', route: 'upload', match: '/p29-' });
    const error = await bench.push(gallery(30), ROLLBACK).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'ASSETS_FAILED' });
    expect((error as Error).message).not.toContain('stays');
    expect(storedIds(bench)).toEqual(before.ids);
    // Of the one that was refused, nobody can say for certain that it is not there.
    expect((await bench.ledger()).filter(({ publicId }) => !publicId.includes('/p29-'))).toEqual(
      before.ledger,
    );
    bench.cloudinary.faults.clear();
    expect((await bench.push(gallery(30), ROLLBACK)).outcome.status).toBe('applied');
    expect(storedIds(bench)).toHaveLength(30);
  });

  test('--rollback-assets does so after a cancel, too', async () => {
    await using bench = await mediaBench();
    await bench.paint(...(Object.values(gallery(40)) as string[]));
    bench.cloudinary.faults.set({ kind: 'latency', ms: 5, route: 'upload' });
    await pushAndCancel(bench, 40, 20, ROLLBACK);
    // Uploads under way at that moment may have come through; they are in the ledger as meant, and a prune finds them.
    const ledger = await bench.ledger();
    for (const id of storedIds(bench))
      expect(ledger.find(({ publicId }) => publicId === id)).toMatchObject({ stored: false });
    expect(storedIds(bench).length).toBeLessThan(20);
    await bench.prune({ graceMs: 0 });
    expect(storedIds(bench)).toEqual([]);
    expect(await bench.ledger()).toEqual([]);
  });

  test('--rollback-assets removes nothing that the commit has made live', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png');
    bench.cloudinary.faults.set({ kind: 'status', status: 404, route: 'delivery' });
    const error = await bench.push({ 1: 'a.png', 2: 'b.png' }, ROLLBACK).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'VERIFY_FAILED', state: 'new' });
    expect(storedIds(bench)).toHaveLength(2);
    expect((await bench.ledger()).every(({ stored, unused }) => stored && !unused)).toBe(true);
  });

  test('--rollback-assets removes nothing that another run has come to use', async () => {
    await using bench = await mediaBench({ target: 'remote' });
    await bench.paint('a.png', 'b.png');
    let other: Promise<unknown> | undefined;
    const late = bench.push(
      { 1: 'a.png', 2: 'b.png' },
      {
        ...ROLLBACK,
        around: (target) => ({
          ...target,
          async write(steps, signal) {
            if (steps.some(({ sql }) => sql.includes('INSERT INTO _overseed_runs'))) {
              // It sleeps for so long that its lease expires, and somebody else does the same work.
              await bench.target.run('UPDATE _overseed_lease SET expires=0');
              other ??= bench.push({ 1: 'a.png', 2: 'b.png', 3: null });
              await other;
            }
            return target.write(steps, signal);
          },
        }),
      },
    );
    await expect(late).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await bench.target.rows('SELECT count(*) FROM pictures')).toEqual([[3n]]);
    expect(storedIds(bench)).toHaveLength(2);
    expect((await bench.ledger()).every(({ stored, unused }) => stored && !unused)).toBe(true);
  });
});
