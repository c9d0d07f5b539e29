/** The contract is worth something: each way to break a promise makes the case of that promise fail. */
import { AssertionError } from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type AssetStoreHarness, assetStoreContract } from 'overseed/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AssetStore, StoreError } from '../../packages/overseed/src/assets/asset-store.ts';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import { type AssetName, toPublicId } from '../../packages/overseed/src/model/asset.ts';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fileOf = ({ publicId, format }: AssetName) => path.join(folder, `${publicId}.${format}`);
const openGood = (prefix: string) =>
  openFolderStore({ folder, label: 'public/media', baseUrl: '/media', prefix });

function harness(spoil: (good: AssetStore) => Partial<AssetStore> = () => ({})): AssetStoreHarness {
  return {
    open(prefix) {
      const good = openGood(prefix);
      return { ...good, ...spoil(good) };
    },
    async read(url) {
      const place = path.join(folder, decodeURIComponent(url.replace(/^\/media\//, '')));
      return readFile(place).catch(() => undefined);
    },
    tamper: (asset, bytes) => writeFile(fileOf(asset), bytes),
  };
}

/** The part of the name of the case that must fail. */
const breaches: [string, string, (good: AssetStore) => Partial<AssetStore>][] = [
  ['URLs change', 'the URL is known', () => ({ urlOf: () => `/media/${Math.random()}` })],
  ['everything is well', 'an asset is stored', () => ({ check: async () => undefined })],
  ['nothing is ever lost', 'an asset is stored', () => ({ findLost: async () => [] })],
  [
    'other bytes are handed out',
    'an asset is stored',
    () => ({
      async *read() {
        yield Buffer.from('something');
      },
    }),
  ],
  [
    'what is gone is handed out as nothing',
    'an asset is stored',
    () => ({
      async *read(asset) {
        yield await readFile(fileOf(asset)).catch(() => Buffer.alloc(0));
      },
    }),
  ],
  [
    'removing does nothing',
    'an asset is stored',
    () => ({
      remove: async (assets) => ({ gone: assets, absent: undefined, failed: [] }),
    }),
  ],
  [
    'only the size counts',
    'other bytes under the same',
    (good) => ({
      check: (asset, _depth, signal) => good.check(asset, 'headers', signal),
    }),
  ],
  [
    'what is there is replaced',
    'other bytes under the same',
    (good) => ({
      async put(asset, signal) {
        await rm(fileOf(asset), { force: true });
        return good.put(asset, signal);
      },
    }),
  ],
  [
    'a second upload is a new one',
    'storing the same asset twice',
    (good) => ({
      async put(asset, signal) {
        await rm(fileOf(asset), { force: true });
        return good.put(asset, signal);
      },
    }),
  ],
  [
    'uploads that meet store a second copy',
    'several runs',
    (good) => {
      let running = 0;
      return {
        async put(asset, signal) {
          const publicId = toPublicId(running++ === 0 ? asset.publicId : `${asset.publicId}-${running}`);
          try {
            return await good.put({ ...asset, publicId }, signal);
          } finally {
            running--;
          }
        },
      };
    },
  ],
  [
    'bytes go straight to their place',
    'is stopped',
    (good) => ({
      async put(asset, signal) {
        const bytes = await readFile(asset.file);
        await mkdir(path.dirname(fileOf(asset)), { recursive: true });
        for (let end = 0; end < bytes.length; end += 10_000) {
          signal.throwIfAborted();
          await writeFile(fileOf(asset), bytes.subarray(0, end));
        }
        await rm(fileOf(asset));
        return good.put(asset, signal);
      },
    }),
  ],
  [
    'nobody looks at the signal',
    'has been aborted',
    (good) => ({
      remove: (assets) => good.remove(assets, new AbortController().signal),
    }),
  ],
  [
    'the file is not looked at again',
    'got other bytes of the same length',
    () => ({
      async put(asset) {
        await mkdir(path.dirname(fileOf(asset)), { recursive: true });
        await copyFile(asset.file, fileOf(asset));
        return 'stored';
      },
    }),
  ],
  [
    'the list goes beyond the prefix',
    'neighbours',
    (good) => ({
      list: (signal) => openGood(path.dirname(good.prefix)).list(signal),
    }),
  ],
  [
    'removing goes beyond the prefix',
    'never removed',
    () => ({
      remove: (assets, signal) => openGood('').remove(assets, signal),
    }),
  ],
  [
    'what is not there is a failure',
    'not there is no failure',
    (good) => ({
      async remove(assets, signal) {
        const { gone, absent = [], failed } = await good.remove(assets, signal);
        const error = new StoreError('not found', { kind: 'permanent' });
        return {
          gone: gone.filter((asset) => !absent.includes(asset)),
          absent: [],
          failed: [...failed, ...absent.map((asset) => ({ asset, error }))],
        };
      },
    }),
  ],
  [
    'the list ends after its first page',
    '1100 assets',
    (good) => ({
      async *list(signal) {
        for await (const page of good.list(signal)) {
          yield page;
          return;
        }
      },
    }),
  ],
  [
    'the list repeats itself',
    '1100 assets',
    (good) => ({
      async *list(signal) {
        let last: Awaited<ReturnType<typeof firstPage>> = [];
        for await (const page of good.list(signal)) {
          yield [...last, ...page];
          last = page.slice(-1);
        }
      },
    }),
  ],
  [
    'limits are below nothing',
    'limits and quotas',
    (good) => ({
      async usage(signal) {
        const usage = await good.usage(signal);
        return { ...usage, limits: { ...usage.limits, imageBytes: -1 } };
      },
    }),
  ],
];

async function firstPage(store: AssetStore, signal: AbortSignal) {
  for await (const page of store.list(signal)) return page;
  return [];
}

function caseOf(name: string, subject: AssetStoreHarness) {
  const found = assetStoreContract(subject).filter((each) => each.name.includes(name));
  expect(found).toHaveLength(1);
  return found[0] as (typeof found)[0];
}

describe.concurrent('a store where', () => {
  test.each(breaches)('%s breaks "… %s …"', async (_what, name, spoil) => {
    await expect(caseOf(name, harness(spoil)).run()).rejects.toBeInstanceOf(AssertionError);
  });
});

describe('a store with credentials where', () => {
  const SECRET = 'hunter2-hunter2';
  const refusing =
    (message: string) =>
    (good: AssetStore): Partial<AssetStore> => {
      const refuse = async () => {
        throw new OverseedError('STORE_AUTH', { what: message, state: 'old', next: 'Check MY_SECRET.' });
      };
      const refuseOnce = async () => {
        throw new StoreError(message, { kind: 'credentials' });
      };
      return {
        credentials: 'MY_ID and MY_SECRET',
        prepare: refuse,
        findLost: refuse,
        put: refuseOnce,
        remove: refuseOnce,
        async *list() {
          yield* good.list(AbortSignal.abort(await refuse()));
        },
      };
    };
  const withSecret = (message: string): AssetStoreHarness => ({
    ...harness(),
    wrongSecret: {
      open: (prefix) => ({ ...openGood(prefix), ...refusing(message)(openGood(prefix)) }),
      secret: SECRET,
      variable: 'MY_SECRET',
    },
  });

  test('the secret is printed fails; where it is not, passes', async () => {
    const name = 'a wrong secret';
    await expect(caseOf(name, withSecret(`${SECRET} is wrong`)).run()).rejects.toThrow(/the secret is shown/);
    await caseOf(name, withSecret('the secret is wrong')).run();
  });
});
