/** A store lists and removes what is under its prefix, and nothing else. */
import assert from 'node:assert/strict';
import { type Asset, toPublicId } from '../../model/asset.ts';
import { listAll, type Promised } from './case.ts';
import { newAsset } from './picture.ts';

const idsOf = (assets: readonly Pick<Asset, 'publicId'>[]) => assets.map(({ publicId }) => publicId).sort();

export const prefixCases: readonly Promised[] = [
  {
    name: 'neighbours under other prefixes are not listed',
    async run({ store, open, scratch, signal }) {
      const site = await open(`${store.prefix}/site`);
      const below = await open(`${store.prefix}/site/blog`);
      const alike = await open(`${store.prefix}/site-two`);
      const [own, inner, foreign] = await Promise.all(
        [site, below, alike].map((each) => newAsset(each, scratch)),
      );
      assert.ok(own && inner && foreign);
      await Promise.all([site.put(own, signal), below.put(inner, signal), alike.put(foreign, signal)]);
      assert.deepEqual(idsOf(await listAll(site, signal)), idsOf([own, inner]));
      assert.deepEqual(idsOf(await listAll(below, signal)), idsOf([inner]));
      assert.deepEqual(idsOf(await listAll(alike, signal)), idsOf([foreign]));
    },
  },
  {
    name: 'what is not under the prefix is never removed',
    async run({ store, open, scratch, signal }) {
      const site = await open(`${store.prefix}/site`);
      const alike = await open(`${store.prefix}/site-two`);
      const own = await newAsset(site, scratch);
      const foreign = await newAsset(alike, scratch);
      await Promise.all([site.put(own, signal), alike.put(foreign, signal)]);
      const sly = {
        ...foreign,
        publicId: toPublicId(foreign.publicId.replace('site-two', 'site/../site-two')),
      };
      const { gone, failed } = await site.remove([foreign, own], signal);
      assert.deepEqual(gone, [own]);
      assert.deepEqual(
        failed.map(({ asset }) => asset),
        [foreign],
      );
      // Whatever the store says of a name that means two things: the neighbour stays.
      await site.remove([sly], signal).catch((error: unknown) => assert.ok(error instanceof Error));
      assert.equal(await alike.check(foreign, 'bytes', signal), undefined);
    },
  },
];
