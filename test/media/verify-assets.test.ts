/** `verify --assets`: every URL in rows is fetched, and answers with its very bytes. */
import { describe, expect, test } from 'vitest';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import type { AssetVerification } from '../../packages/overseed/src/model/asset-verification.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import { randomPicture } from '../../packages/overseed/src/util/random-picture.ts';
import { proveAssets, verifyAssets } from '../../packages/overseed/src/verify-assets.ts';
import { gallery, type MediaBench, mediaBench } from '../support/media.ts';
import { removePicture } from '../support/older-site.ts';

const never = new AbortController().signal;
const quiet = () => startRun({ signal: never, emit: () => undefined });

async function verify(bench: MediaBench, sample?: number): Promise<AssetVerification> {
  await using target = bench.target.open();
  const { assetStore, assetColumns } = bench.parts({}, target);
  return verifyAssets({ target, assetStore, assetColumns, ...(sample ? { sample } : {}) }, quiet());
}

/** Replaces the bytes of an image, as somebody in the store's console would. */
async function replaceBytes({ cloudinary }: MediaBench, publicId: string, bytes: Buffer): Promise<void> {
  const body = new FormData();
  body.set('public_id', publicId);
  body.set('overwrite', 'true');
  body.set('file', new Blob([Uint8Array.from(bytes)]), 'x.png');
  const { url, cloudName, apiKey, apiSecret } = cloudinary;
  const headers = { authorization: `Basic ${btoa(`${apiKey}:${apiSecret}`)}` };
  const answer = await fetch(`${url}/v1_1/${cloudName}/image/upload`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(await answer.text());
}

describe.concurrent('verify --assets', () => {
  test('reads every byte of every URL', async () => {
    await using bench = await mediaBench();
    await bench.paint(...(Object.values(gallery(25)) as string[]));
    await bench.push({ ...gallery(25), 26: 'p1.png', 27: null });
    const bytes = bench.cloudinary.assets().reduce((sum, asset) => sum + asset.bytes, 0);
    const before = bench.cloudinary.counters();
    expect(await verify(bench)).toEqual({
      target: 'target.db',
      store: 'Cloudinary (demo)',
      urls: 25,
      checked: 25,
      bytes,
      wrong: [],
    });
    const after = bench.cloudinary.counters();
    expect(after.bytesDelivered - before.bytesDelivered).toBe(bytes);
    // The API is asked nothing.
    expect(after.adminCalls).toBe(before.adminCalls);
  });

  test('names every URL that is gone, has other bytes of the same size, or is in no ledger', async () => {
    await using bench = await mediaBench();
    await bench.paint(...(Object.values(gallery(8)) as string[]));
    await bench.push(gallery(8));
    const [gone, replaced, third] = bench.cloudinary.assets();
    if (!gone || !replaced || !third) throw new Error('There are eight');
    await removePicture({ cloudinary: bench.cloudinary } as never, gone.public_id);
    let other = randomPicture({ width: 4, height: 4 });
    while (other.byteLength !== replaced.bytes) other = randomPicture({ width: 4, height: 4 });
    await replaceBytes(bench, replaced.public_id, other);
    // The right name in another place proves nothing.
    const stray = `https://example.org/${third.public_id}.png`;
    await bench.target.run({ sql: 'UPDATE pictures SET url=? WHERE id=8', args: [stray] });
    const { wrong } = await verify(bench);
    const urlOf = (publicId: string) => `${bench.cloudinary.url}/demo/image/upload/v1/${publicId}.png`;
    expect(wrong.toSorted((a, b) => (a.url < b.url ? -1 : 1))).toEqual([
      {
        url: urlOf(gone.public_id),
        where: 'pictures.url',
        problem: `Resource not found - ${gone.public_id}`,
      },
      {
        url: urlOf(replaced.public_id),
        where: 'pictures.url',
        problem: expect.stringContaining('has other bytes'),
      },
      {
        url: stray,
        where: 'pictures.url',
        problem: expect.stringContaining('in no ledger'),
      },
    ]);
    await using target = bench.target.open();
    const { assetStore, assetColumns } = bench.parts({}, target);
    const error = await proveAssets({ target, assetStore, assetColumns }, quiet()).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'VERIFY_FAILED' });
    for (const { url } of wrong) expect(error.message).toContain(url);
  });

  test('looks into cells that hold several URLs', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png', 'b.png');
    await bench.push({ 1: 'a.png', 2: 'b.png' });
    await bench.target.run(
      'UPDATE pictures SET url=(SELECT json_group_array(url) FROM pictures) WHERE id=1',
      'DELETE FROM pictures WHERE id=2',
    );
    expect(await verify(bench)).toMatchObject({ urls: 2, checked: 2, wrong: [] });
  });

  test('or a sample of them, another one each time', async () => {
    await using bench = await mediaBench();
    await bench.paint(...(Object.values(gallery(30)) as string[]));
    await bench.push(gallery(30));
    const before = bench.cloudinary.counters().deliveries;
    expect(await verify(bench, 7)).toMatchObject({ urls: 30, checked: 7, wrong: [] });
    expect(bench.cloudinary.counters().deliveries - before).toBe(7);
    await bench.target.run("UPDATE pictures SET url='gone ' || id");
    const chosen = new Set<string>();
    for (let round = 0; round < 12; round++) {
      for (const { url } of (await verify(bench, 7)).wrong) chosen.add(url);
    }
    // 84 draws of 7 from 30 leave more than 15 out about once in 10^9.
    expect(chosen.size).toBeGreaterThan(15);
  });

  test('is patient with a store that fails one call in five', async () => {
    await using bench = await mediaBench({ cloudinary: { seed: 5 } });
    await bench.paint(...(Object.values(gallery(40)) as string[]));
    await bench.push(gallery(40));
    bench.cloudinary.faults.set({ kind: 'status', status: 503, rate: 0.2, route: 'delivery' });
    expect((await verify(bench)).wrong).toEqual([]);
    expect(bench.cloudinary.faults.list()[0]?.hits).toBeGreaterThan(2);
  });

  test('reads a folder of the site just so', async () => {
    await using bench = await mediaBench();
    await bench.paint('a.png');
    const store = openFolderStore({
      folder: `${bench.target.folder}/media`,
      label: 'media',
      baseUrl: '/media',
      prefix: '',
    });
    await bench.push({ 1: 'a.png' }, { parts: { assetStore: store } });
    await using target = bench.target.open();
    const { assetColumns } = bench.parts({}, target);
    expect(await verifyAssets({ target, assetStore: store, assetColumns }, quiet())).toMatchObject({
      checked: 1,
      wrong: [],
    });
  });
});
