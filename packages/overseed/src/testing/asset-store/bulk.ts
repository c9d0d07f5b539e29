/** More than fits into one answer of any store. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AssetStore, StoreError } from '../../assets/asset-store.ts';
import type { Asset } from '../../model/asset.ts';
import { chunksOf } from '../../util/chunks.ts';
import { listAll, type Promised } from './case.ts';
import { newAsset } from './picture.ts';

/** S3 lists and removes 1,000 at once, Cloudinary lists 500 and removes 1,000. */
const MANY = 1_100;

export const bulkCases: readonly Promised[] = [
  {
    name: `${MANY} assets are listed, each once, found, and removed`,
    async run({ store, scratch, signal }) {
      const assets: Asset[] = [];
      for (let count = 0; count < MANY; count++) {
        assets.push(await newAsset(store, scratch, { name: `${count}.png`, width: 1, height: 1 }));
      }
      await putAll(store, assets, signal);

      const listed = (await listAll(store, signal)).map(({ publicId }) => publicId);
      assert.equal(listed.length, MANY);
      assert.deepEqual(new Set(listed), new Set(assets.map(({ publicId }) => publicId)));

      const [lost, ...kept] = assets;
      assert.ok(lost);
      await store.remove([lost], signal);
      assert.deepEqual(await store.findLost(assets, signal), [lost]);

      let gone = 0;
      for (const chunk of chunksOf(kept, store.removesAtOnce)) {
        const removal = await store.remove(chunk, signal);
        assert.deepEqual(removal.failed, []);
        gone += removal.gone.length;
      }
      assert.equal(gone, kept.length);
      assert.deepEqual(await listAll(store, signal), []);
    },
  },
];

async function putAll(store: AssetStore, assets: readonly Asset[], signal: AbortSignal): Promise<void> {
  const queue = [...assets];
  async function work(): Promise<void> {
    for (let asset = queue.shift(); asset; asset = queue.shift()) {
      try {
        await store.put(asset, signal);
      } catch (error) {
        if (!(error instanceof StoreError) || error.kind !== 'passing') throw error;
        queue.push(asset);
        await sleep(error.retryAfterMs ?? 50, undefined, { signal });
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(8, store.maxConcurrency) }, work));
}
