/** What Cloudinary's store does beyond the contract: what removing, listing and asking cost, and what becomes of CDN copies. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type CloudinaryEmulator, startCloudinary } from 'local-cloud';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoreError } from '../../packages/overseed/src/assets/asset-store.ts';
import { openCloudinaryStore } from '../../packages/overseed/src/assets/cloudinary/open.ts';
import { withEtag } from '../../packages/overseed/src/assets/etag.ts';
import { measureFile } from '../../packages/overseed/src/assets/measure-file.ts';
import { publicIdOf } from '../../packages/overseed/src/assets/public-id.ts';
import type { Asset } from '../../packages/overseed/src/model/asset.ts';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import { randomPicture } from '../../packages/overseed/src/util/random-picture.ts';
import { startReverseProxy } from '../support/reverse-proxy.ts';

const MANY = 150;
let folder: string;
let assets: Asset[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-test-'));
  assets = await Promise.all(
    Array.from({ length: MANY }, async (_, index) => {
      const name = `${index}.png`;
      await writeFile(path.join(folder, name), randomPicture({ width: 2, height: 2 }));
      const measured = await measureFile(folder, name);
      const publicId = publicIdOf('site', name, measured.hash);
      return withEtag({ ...measured, path: name, publicId }, never);
    }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;

function openStore(emulator: CloudinaryEmulator, base = emulator.url) {
  const { cloudName, apiKey, apiSecret } = emulator;
  return openCloudinaryStore({ cloudName, apiKey, apiSecret, apiBase: base, deliveryBase: base }, 'site');
}

async function filled(count: number, options: Parameters<typeof startCloudinary>[0] = {}) {
  const emulator = await startCloudinary({ uploadConcurrency: MANY, ...options });
  const store = openStore(emulator);
  await Promise.all(assets.slice(0, count).map((asset) => store.put(asset, never)));
  return { emulator, store, [Symbol.asyncDispose]: () => emulator.stop() };
}

describe.concurrent('removing', () => {
  test('a few costs no Admin call, and their copies on the CDN go with them', async () => {
    await using cloud = await filled(3, { cdn: true, adminPerHour: 0 });
    const few = assets.slice(0, 3);
    for (const asset of few) expect(await cloud.store.check(asset, 'bytes', never)).toBeUndefined();
    const { gone, absent } = await cloud.store.remove(few, never);
    expect(new Set(gone)).toEqual(new Set(few));
    expect(absent).toEqual([]);
    for (const asset of few) expect(await cloud.store.check(asset, 'headers', never)).toBeDefined();
  });

  test('many costs one Admin call', async () => {
    await using cloud = await filled(MANY - 10, { adminPerHour: 1 });
    const { gone, absent, failed } = await cloud.store.remove(assets, never);
    expect(gone).toHaveLength(MANY);
    expect(new Set(absent)).toEqual(new Set(assets.slice(MANY - 10)));
    expect(failed).toEqual([]);
    expect(cloud.emulator.assets()).toEqual([]);
    expect(cloud.emulator.counters().adminCalls).toBe(1);
  });

  test('many touches nothing that was not named', async () => {
    await using cloud = await filled(MANY);
    const kept = assets[0];
    await cloud.store.remove(assets.slice(1), never);
    expect(cloud.emulator.assets().map(({ public_id }) => public_id)).toEqual([kept?.publicId]);
  });

  test('many goes on, one by one, when the Admin calls of the hour are used up', async () => {
    await using cloud = await filled(MANY, { adminPerHour: 0 });
    const { gone, failed } = await cloud.store.remove(assets, never);
    expect(gone).toHaveLength(MANY);
    expect(failed).toEqual([]);
    expect(cloud.emulator.assets()).toEqual([]);
  });

  test('tells which ones failed, and can be repeated', async () => {
    await using cloud = await filled(5);
    const stubborn = assets[2] as Asset;
    cloud.emulator.faults.set({
      kind: 'refuse',
      route: 'upload',
      match: stubborn.publicId,
      message: 'Locked',
    });
    const five = assets.slice(0, 5);
    const first = await cloud.store.remove(five, never);
    expect(first.failed.map(({ asset, error }) => [asset, error.message])).toEqual([[stubborn, 'Locked']]);
    expect(first.gone).toHaveLength(4);
    cloud.emulator.faults.clear();
    const second = await cloud.store.remove(five, never);
    expect(second.gone).toHaveLength(5);
    expect(second.absent).toHaveLength(4);
  });

  test('many whose answer is lost is finished by asking again', async () => {
    await using cloud = await filled(MANY);
    let lost = 0;
    await using gateway = await startReverseProxy(cloud.emulator.url, ({ method }) =>
      method === 'DELETE' && lost++ === 0 ? 'lose-answer' : 'pass',
    );
    const store = openStore(cloud.emulator, gateway.url);
    await expect(store.remove(assets, never)).rejects.toMatchObject({ kind: 'passing' });
    const { gone, failed } = await store.remove(assets, never);
    expect({ gone: gone.length, failed }).toEqual({ gone: MANY, failed: [] });
  });
});

describe.concurrent('the allowance of Admin calls', () => {
  test('a list takes one call for 500 assets, a search for known ones one for 100', async () => {
    await using cloud = await filled(MANY);
    for await (const page of cloud.store.list(never)) expect(page).toHaveLength(MANY);
    expect(cloud.emulator.counters().adminCalls).toBe(1);
    expect(await cloud.store.findLost(assets, never)).toEqual([]);
    expect(cloud.emulator.counters().adminCalls).toBe(3);
  });

  test('used up, is a quota with a time, and no failure of the store', async () => {
    await using cloud = await filled(1, { adminPerHour: 0 });
    const error = await cloud.store.findLost(assets, never).catch((reason: unknown) => reason);
    if (!(error instanceof OverseedError)) throw new Error('expected an OverseedError');
    expect(error.code).toBe('STORE_QUOTA');
    expect(error.message).toMatch(/Run this again in \d+ min/);
    const { retryAfterMs, throttled } = error.cause as StoreError;
    expect(throttled).toBe(true);
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(3_600_000);
    // Uploads do not count against it.
    await cloud.store.prepare(assets.slice(0, 1), never);
    expect(await cloud.store.put(assets[5] as Asset, never)).toBe('stored');
  });

  test('is part of the usage, besides what the plan counts', async () => {
    await using cloud = await filled(20, { adminPerHour: 500 });
    const { limits, quotas } = await cloud.store.usage(never);
    expect(limits).toMatchObject({ imageBytes: 10_485_760, imagePixels: 25_000_000 });
    const byName = new Map(quotas.map((quota) => [quota.name, quota]));
    expect(byName.get('Admin calls this hour')).toMatchObject({ used: 1, limit: 500, perUpload: 0 });
    expect(byName.get('Admin calls this hour')?.resetsAt?.getTime()).toBeGreaterThan(Date.now());
    expect(byName.get('transformations')).toMatchObject({ used: 20, perUpload: 1 });
    expect(byName.get('credits')).toMatchObject({ limit: 25, perUpload: 0.001 });
    expect(byName.get('storage')).toMatchObject({ unit: 'bytes', perByte: 1 });
  });
});

test('an upload that the account transforms is refused, and does not stay', async () => {
  await using cloud = await filled(1);
  // As an upload preset would, though nobody here asked for it.
  await using gateway = await startReverseProxy(cloud.emulator.url, ({ path: asked }) =>
    asked.endsWith('/image/upload') ? { passAs: `${asked}?transformation=q_auto` } : 'pass',
  );
  const store = openStore(cloud.emulator, gateway.url);
  const [before, asset] = assets as [Asset, Asset];
  await expect(store.put(asset, never)).rejects.toMatchObject({
    kind: 'permanent',
    message: 'was changed on arrival; an upload preset or account default transforms uploads',
  });
  // What was there before is no business of this upload.
  expect(cloud.emulator.assets().map(({ public_id }) => public_id)).toEqual([before.publicId]);
});
