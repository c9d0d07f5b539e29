/** The folder store keeps the contract of all stores. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { assetStoreContract } from 'overseed/testing';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import type { ProvableAsset } from '../../packages/overseed/src/model/asset.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fileOf = ({ publicId, format }: ProvableAsset) => path.join(folder, `${publicId}.${format}`);

describe.concurrent('a folder', () => {
  const contract = assetStoreContract({
    open: (prefix) => openFolderStore({ folder, label: 'public/media', baseUrl: '/media', prefix }),
    async read(url) {
      // As a web server does.
      const place = path.join(folder, decodeURIComponent(url.replace(/^\/media\//, '')));
      return readFile(place).catch(() => undefined);
    },
    tamper: (asset, bytes) => writeFile(fileOf(asset), bytes),
  });
  for (const { name, run } of contract) test(name, run);
});
