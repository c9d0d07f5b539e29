/** Uploads that are repeated, meet each other, are stopped, or whose file changes meanwhile. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AssetStore, StoreError } from '../../assets/asset-store.ts';
import type { Asset } from '../../model/asset.ts';
import { randomPicture } from '../../util/random-picture.ts';
import { listAll, type Promised } from './case.ts';
import { newAsset } from './picture.ts';

export const uploadCases: readonly Promised[] = [
  {
    name: 'storing the same asset twice changes nothing',
    async run({ store, scratch, signal }) {
      const asset = await newAsset(store, scratch);
      assert.equal(await store.put(asset, signal), 'stored');
      const [first] = await listAll(store, signal);
      assert.equal(await store.put(asset, signal), 'already-there');
      assert.deepEqual(await listAll(store, signal), [first]);
    },
  },
  {
    name: 'one file that several runs store at once is stored whole, and once',
    async run({ store, scratch, signal }) {
      const asset = await newAsset(store, scratch, { width: 300, height: 300 });
      const atOnce = Math.min(8, store.maxConcurrency);
      const results = await Promise.all(
        Array.from({ length: atOnce }, () => putPatiently(store, asset, signal)),
      );
      assert.ok(results.includes('stored'));
      assert.equal(await store.check(asset, 'bytes', signal), undefined);
      assert.equal((await listAll(store, signal)).length, 1);
    },
  },
  {
    name: 'an upload that is stopped leaves nothing or the whole asset, and can be done again',
    async run({ store, scratch, signal }) {
      for (const afterMs of [0, 1, 3, 7, 15, 30, 60]) {
        const asset = await newAsset(store, scratch, { width: 1000, height: 1000 });
        const stop = new AbortController();
        const upload = store.put(asset, AbortSignal.any([signal, stop.signal]));
        // Awaited below; without this, an early failure would count as nobody's.
        upload.catch(() => undefined);
        await sleep(afterMs);
        const reason = new Error('stopped by the test');
        stop.abort(reason);
        await upload.catch((error: unknown) => assert.ok(error instanceof Error));
        const listed = (await listAll(store, signal)).filter(({ publicId }) => publicId === asset.publicId);
        if (listed.length > 0) assert.equal(await store.check(asset, 'bytes', signal), undefined);
        await putPatiently(store, asset, signal);
        assert.equal(await store.check(asset, 'bytes', signal), undefined);
      }
      assert.equal((await listAll(store, signal)).length, 7);
    },
  },
  {
    name: 'a file that changes while it is sent arrives as it was measured, or not at all',
    async run({ store, scratch, signal }) {
      for (const afterMs of [0, 1, 2, 5, 10]) {
        const asset = await newAsset(store, scratch, { width: 1000, height: 1000 });
        const original = await readFile(asset.file);
        const upload = store.put(asset, signal).then(
          () => undefined,
          (error: unknown) => error,
        );
        await sleep(afterMs);
        await writeFile(asset.file, randomPicture({ width: 1000, height: 1000 }));
        const error = await upload;
        if (error !== undefined) assert.ok(error instanceof StoreError, `throws ${String(error)}`);
        const listed = (await listAll(store, signal)).filter(({ publicId }) => publicId === asset.publicId);
        assert.equal(listed.length, error === undefined ? 1 : 0);
        if (error === undefined) assert.equal(await store.check(asset, 'bytes', signal), undefined);
        await writeFile(asset.file, original);
        await putPatiently(store, asset, signal);
        assert.equal(await store.check(asset, 'bytes', signal), undefined);
      }
    },
  },
  {
    name: 'a signal that has been aborted starts nothing',
    async run({ store, scratch, signal }) {
      const asset = await newAsset(store, scratch);
      const reason = new Error('stopped before');
      const stopped = AbortSignal.abort(reason);
      await assert.rejects(store.put(asset, stopped));
      await assert.rejects(store.check(asset, 'headers', stopped), reason);
      await assert.rejects(store.prepare([asset], stopped), reason);
      await assert.rejects(store.findLost([asset], stopped), reason);
      await assert.rejects(store.remove([asset], stopped), reason);
      await assert.rejects(listAll(store, stopped), reason);
      await assert.rejects(store.usage(stopped), reason);
      assert.deepEqual(await listAll(store, signal), []);
    },
  },
  ...changes().map(
    ({ what, change }): Promised => ({
      name: `a file that ${what} since it was measured is refused, and does not stay in the store`,
      async run({ store, scratch, signal }) {
        const asset = await newAsset(store, scratch, { width: 40, height: 40 });
        const original = await readFile(asset.file);
        await change(asset.file, original);
        await assert.rejects(store.put(asset, signal), (error) => {
          assert.ok(error instanceof StoreError);
          assert.equal(error.kind, 'permanent');
          return true;
        });
        assert.deepEqual(await listAll(store, signal), []);
        await writeFile(asset.file, original);
        assert.equal(await store.put(asset, signal), 'stored');
        assert.equal(await store.check(asset, 'bytes', signal), undefined);
      },
    }),
  ),
];

function changes(): { what: string; change(file: string, original: Buffer): Promise<void> }[] {
  return [
    { what: 'has vanished', change: (file) => rm(file) },
    { what: 'was cut short', change: (file, original) => writeFile(file, original.subarray(0, -20)) },
    {
      what: 'has grown',
      change: (file, original) => writeFile(file, Buffer.concat([original, Buffer.alloc(20)])),
    },
    {
      what: 'got other bytes of the same length',
      change: (file) => writeFile(file, randomPicture({ width: 40, height: 40 })),
    },
  ];
}

/** As an upload does it: what may pass is tried again. */
async function putPatiently(store: AssetStore, asset: Asset, signal: AbortSignal) {
  for (;;) {
    try {
      return await store.put(asset, signal);
    } catch (error) {
      if (!(error instanceof StoreError) || error.kind !== 'passing') throw error;
      await sleep(error.retryAfterMs ?? 50, undefined, { signal });
    }
  }
}
