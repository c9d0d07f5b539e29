/** The life of an asset, from before its upload until after its removal. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { AssetStore } from '../../assets/asset-store.ts';
import type { Asset, ProvableAsset } from '../../model/asset.ts';
import { randomPicture } from '../../util/random-picture.ts';
import { type Bench, listAll, type Promised } from './case.ts';
import { newAsset } from './picture.ts';

const DAY_MS = 86_400_000;

export const lifeCases: readonly Promised[] = [
  {
    name: 'an asset is stored, answers with its bytes, is found, listed, removed, and is gone',
    async run({ store, harness, scratch, signal }) {
      const asset = await newAsset(store, scratch);
      assert.deepEqual(await listAll(store, signal), []);
      assert.notEqual(await store.check(asset, 'headers', signal), undefined);
      assert.deepEqual(await store.findLost([asset], signal), [asset]);

      await store.prepare([asset], signal);
      assert.equal(await store.put(asset, signal), 'stored');
      assert.equal(await store.check(asset, 'headers', signal), undefined);
      assert.equal(await store.check(asset, 'bytes', signal), undefined);
      assert.deepEqual(await read(harness, store.urlOf(asset), asset), await readFile(asset.file));
      assert.deepEqual(await readBack(store, asset, signal), await readFile(asset.file));
      assert.deepEqual(await store.findLost([asset], signal), []);

      const [listed, ...more] = await listAll(store, signal);
      assert.deepEqual(more, []);
      const { publicId, format, sizeBytes } = asset;
      assert.deepEqual(
        { ...listed, etag: undefined, storedAt: undefined },
        {
          publicId,
          format,
          sizeBytes,
          etag: undefined,
          storedAt: undefined,
        },
      );
      if (listed?.etag !== undefined) assert.equal(listed.etag, asset.etag);
      // Clocks differ, but not by days.
      assert.ok(Math.abs(Date.now() - (listed?.storedAt.getTime() ?? 0)) < DAY_MS);

      const removal = await store.remove([asset], signal);
      assert.deepEqual(removal.gone, [asset]);
      assert.deepEqual(removal.failed, []);
      if (removal.absent) assert.deepEqual(removal.absent, []);
      assert.deepEqual(await listAll(store, signal), []);
      assert.deepEqual(await store.findLost([asset], signal), [asset]);
      assert.notEqual(await store.check(asset, 'headers', signal), undefined);
      if (store.read) await assert.rejects(readBack(store, asset, signal), 'what is gone cannot be read');
    },
  },
  {
    name: 'the URL is known before the upload, and the same from every machine',
    async run({ store, harness, open, scratch, signal }) {
      const asset = await newAsset(store, scratch);
      const before = store.urlOf(asset);
      await store.put(asset, signal);
      assert.equal(store.urlOf(asset), before);
      const other = await open(store.prefix);
      assert.equal(other.urlOf({ publicId: asset.publicId, format: asset.format }), before);
      assert.deepEqual(await read(harness, before, asset), await readFile(asset.file));
    },
  },
  {
    name: 'removing what is not there is no failure',
    async run({ store, scratch, signal }) {
      const there = await newAsset(store, scratch);
      const never = await newAsset(store, scratch);
      await store.put(there, signal);
      const { gone, absent, failed } = await store.remove([never, there], signal);
      assert.deepEqual(new Set(gone), new Set([never, there]));
      assert.deepEqual(failed, []);
      if (absent) assert.deepEqual(absent, [never]);
      assert.deepEqual((await store.remove([], signal)).gone, []);
    },
  },
  {
    name: 'names with spaces, accents and other scripts arrive',
    async run({ store, harness, open, scratch, signal }) {
      const inside = await open(`${store.prefix}/Köln am Rhein`);
      for (const name of ['Salón grande (1).png', 'キッチン.png', '100 % #1 & more?.png', 'UPPER.PNG']) {
        const asset = await newAsset(inside, scratch, { name });
        assert.equal(await inside.put(asset, signal), 'stored');
        assert.equal(await inside.check(asset, 'bytes', signal), undefined);
        assert.deepEqual(await read(harness, inside.urlOf(asset), asset), await readFile(asset.file));
        const listed = await listAll(inside, signal);
        assert.deepEqual(
          listed.map(({ publicId }) => publicId),
          [asset.publicId],
        );
        assert.deepEqual((await inside.remove([asset], signal)).gone, [asset]);
      }
    },
  },
  {
    name: 'other bytes under the same public ID are noticed, and never replaced',
    needs: 'tamper',
    async run({ store, harness, scratch, signal }) {
      const asset = await newAsset(store, scratch);
      await store.put(asset, signal);
      const others = randomPicture({ width: 9, height: 9 });
      await harness.tamper?.(asset, others);
      assert.deepEqual(await store.findLost([asset], signal), [asset]);
      assert.notEqual(await store.check(asset, 'headers', signal), undefined);
      assert.notEqual(await store.check(asset, 'bytes', signal), undefined);
      await assert.rejects(store.put(asset, signal), { kind: 'permanent' });
      assert.deepEqual(await read(harness, store.urlOf(asset), asset), others);

      const alike = await readFile(asset.file);
      alike.writeUInt8(alike.readUInt8(alike.length - 1) ^ 1, alike.length - 1);
      await harness.tamper?.(asset, alike);
      assert.notEqual(await store.check(asset, 'bytes', signal), undefined, 'the same number of other bytes');
      await assert.rejects(store.put(asset, signal), { kind: 'permanent' });
    },
  },
  {
    name: 'limits and quotas are numbers that make sense',
    async run({ store, signal }) {
      const { limits, quotas } = await store.usage(signal);
      for (const limit of Object.values(limits)) assert.ok(limit === undefined || limit > 0);
      for (const { name, used, limit, perUpload, perByte } of quotas) {
        assert.ok(name !== '' && used >= 0 && perUpload >= 0 && perByte >= 0, name);
        assert.ok(limit === undefined || limit >= 0, name);
      }
      assert.ok(Number.isInteger(store.maxConcurrency) && store.maxConcurrency > 0);
      assert.ok(Number.isInteger(store.removesAtOnce) && store.removesAtOnce > 0);
      assert.ok(store.name !== '' && store.label !== '');
    },
  },
];

/** By the store's own door; where it has none, whoever wants the bytes goes to the URL. */
async function readBack(store: AssetStore, asset: Asset, signal: AbortSignal): Promise<Buffer> {
  if (!store.read) return readFile(asset.file);
  const pieces: Uint8Array[] = [];
  for await (const piece of store.read(asset, signal)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function read(
  harness: Bench['harness'],
  url: string,
  asset: ProvableAsset,
): Promise<Buffer | undefined> {
  if (harness.read) {
    const bytes = await harness.read(url, asset);
    return bytes && Buffer.from(bytes);
  }
  const response = await fetch(url);
  return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined;
}
