/** A store that refuses, or has had enough: one clear error each, and the rows stay as they were. */
import { describe, expect, test } from 'vitest';
import { gallery, mediaBench, storedIds } from '../support/media.ts';

describe.concurrent('the old rows stay, and the error says why, when', () => {
  test('the secret is wrong', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png');
    const push = bench.push(
      { 1: 'a.png' },
      { parts: { assetStore: bench.store({ apiSecret: 'wr0ng-s3cret' }) } },
    );
    const error = await push.catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({
      code: 'STORE_AUTH',
      state: 'old',
      what: expect.stringContaining('api_secret mismatch'),
      next: expect.stringContaining('CLOUDINARY_API_SECRET'),
    });
    expect(JSON.stringify(error) + (error as Error).message).not.toContain('wr0ng-s3cret');
    expect(await bench.target.rows('SELECT count(*) FROM pictures')).toEqual([[0n]]);
    expect(bench.cloudinary.counters().uploadRequests).toBe(0);
  });

  test('the cloud has another name', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png');
    const push = bench.push({ 1: 'a.png' }, { parts: { assetStore: bench.store({ cloudName: 'dema' }) } });
    await expect(push).rejects.toMatchObject({
      code: 'STORE_AUTH',
      what: expect.stringContaining('"dema"'),
      next: expect.stringContaining('CLOUDINARY_CLOUD_NAME'),
    });
    expect(await bench.target.rows('SELECT count(*) FROM pictures')).toEqual([[0n]]);
  });

  test('the credentials are withdrawn while files go up', async () => {
    await using bench = await mediaBench();
    await bench.paint(...(Object.values(gallery(200)) as string[]));
    bench.cloudinary.faults.set({
      kind: 'status',
      status: 401,
      message: 'Invalid api_key',
      route: 'upload',
      match: /p\d{3}-/,
    });
    await expect(bench.push(gallery(200))).rejects.toMatchObject({
      code: 'STORE_AUTH',
      next: expect.stringContaining('CLOUDINARY_API_KEY'),
    });
    expect(await bench.target.rows('SELECT count(*) FROM pictures')).toEqual([[0n]]);
    expect(bench.cloudinary.counters().uploadRequests).toBeLessThan(150);
  });

  test('the store takes no more files for an hour', async () => {
    await using bench = await mediaBench();
    await bench.paint(...(Object.values(gallery(30)) as string[]));
    const again = new Date(Date.now() + 3_000_000).toISOString().slice(0, 19).replace('T', ' ');
    bench.cloudinary.faults.set({
      kind: 'status',
      status: 420,
      message: `Rate Limit Exceeded. Try again on ${again} UTC`,
      route: 'upload',
      match: /p(1[5-9]|[23]\d)/,
    });
    const start = performance.now();
    const error = await bench.push(gallery(30)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'ASSETS_FAILED',
      state: 'old',
      what: expect.stringMatching(/asks for a long pause:\n(.*\n)*? {2}p\d+\.png: Rate Limit Exceeded/),
      next: expect.stringContaining(`Wait until ${again.slice(0, 16)} UTC`),
    });
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(await bench.target.rows('SELECT count(*) FROM pictures')).toEqual([[0n]]);
    expect(storedIds(bench).length).toBeGreaterThan(0);
    bench.cloudinary.faults.clear();
    expect((await bench.push(gallery(30))).outcome.status).toBe('applied');
    expect(bench.cloudinary.counters()).toMatchObject({ uploads: 30, existing: 0 });
  });

  test('an add-on is not subscribed to, which no waiting cures', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png');
    bench.cloudinary.faults.set({ kind: 'subscription', route: 'upload' });
    await expect(bench.push({ 1: 'a.png' })).rejects.toMatchObject({
      code: 'ASSETS_FAILED',
      what: expect.stringContaining("a.png: You don't have an active subscription"),
    });
    expect(bench.cloudinary.counters().uploadRequests).toBe(1);
  });
});

describe.concurrent('the push goes through although', () => {
  test('the Admin calls of the hour are used up', async () => {
    await using bench = await mediaBench({ cloudinary: { adminPerHour: 0 } });
    await bench.paint('a.png', 'b.png');
    const { outcome } = await bench.push({ 1: 'a.png', 2: 'b.png' });
    expect(outcome).toMatchObject({ status: 'applied', uploads: { uploaded: 2 } });
    expect(outcome.plan.storeCost?.quotas).toEqual([]);
  });

  test('the Admin calls are used up when those of a killed run should be asked for: they are sent again', async () => {
    await using bench = await mediaBench({ cloudinary: { adminPerHour: 2 } });
    await bench.paint('a.png', 'b.png');
    await bench.push({ 1: 'a.png', 2: 'b.png' });
    await bench.target.run('UPDATE _overseed_assets SET stored=0', 'DELETE FROM pictures');
    const { outcome } = await bench.push({ 1: 'a.png', 2: 'b.png' });
    expect(outcome).toMatchObject({ uploads: { uploaded: 0, alreadyThere: 2 } });
    expect(bench.cloudinary.counters().existing).toBe(2);
  });

  test.each([2, -2])('the clocks are %i hours apart', async (hours) => {
    const clockSkewMs = hours * 3_600_000;
    await using bench = await mediaBench({ cloudinary: { clockSkewMs } });
    await bench.paint(...(Object.values(gallery(8)) as string[]));
    // By the store's own clock, and not by ours, it wants a pause of a few seconds.
    const again = new Date(Date.now() + clockSkewMs + 6_000).toISOString().slice(0, 19).replace('T', ' ');
    bench.cloudinary.faults.set({
      kind: 'status',
      status: 420,
      message: `Rate Limit Exceeded. Try again on ${again} UTC`,
      route: 'upload',
      match: '/p7-',
      times: 1,
    });
    const { outcome, events } = await bench.push(gallery(8));
    expect(outcome).toMatchObject({ status: 'applied', uploads: { uploaded: 8, retries: 1 } });
    const [retry] = events.filter((event) => event.kind === 'upload-retried');
    expect(retry?.waitMs).toBeGreaterThan(1_000);
    expect(retry?.waitMs).toBeLessThan(8_000);
  });
});
