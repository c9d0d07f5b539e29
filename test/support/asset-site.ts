/** A database with pictures: a real server, a folder of files, and a place of its own in an emulated Cloudinary. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AssetView, CloudinaryEmulator } from 'local-cloud';
import sharp from 'sharp';
import { expect } from 'vitest';
import type { AssetStore } from '../../packages/overseed/src/assets/asset-store.ts';
import { openCloudinaryStore } from '../../packages/overseed/src/assets/cloudinary/open.ts';
import type { AssetColumns, AssetDeclaration } from '../../packages/overseed/src/model/asset-columns.ts';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import {
  type PlainRow,
  type PushOptions,
  type PushResult,
  pushTo,
  remoteTarget,
  type TestTarget,
} from './engine.ts';

export interface AssetSite extends TestTarget {
  /** Absolute path of the folder that paths are relative to. */
  readonly root: string;
  readonly store: AssetStore;
  /** A whole declaration from what it says of columns and files. */
  declare(columns: Omit<AssetDeclaration, 'root' | 'cache'>): AssetDeclaration;
  /** Writes a PNG of one colour, and returns its bytes. */
  draw(name: string, background: string, size?: { width: number; height: number }): Promise<Buffer>;
  rename(from: string, to: string): void;
  /** What the emulator holds under this site's prefix. */
  stored(): AssetView[];
  push(
    tables: Record<string, readonly PlainRow[]>,
    assetColumns: Record<string, AssetColumns>,
    options?: PushOptions,
  ): Promise<PushResult>;
}

export async function openAssetSite(
  cloud: CloudinaryEmulator,
  prefix: string,
  ...schema: string[]
): Promise<AssetSite> {
  const target = await remoteTarget();
  await target.run(...schema);
  const root = path.join(target.folder, 'images');
  mkdirSync(root);
  const { cloudName, apiKey, apiSecret, url } = cloud;
  const store = openCloudinaryStore(
    { cloudName, apiKey, apiSecret, apiBase: url, deliveryBase: url },
    prefix,
  );
  return {
    ...target,
    root,
    store,
    declare: (columns) => ({ root, cache: path.join(target.folder, 'cache'), ...columns }),
    async draw(name, background, size = { width: 60, height: 40 }) {
      const bytes = await sharp({ create: { ...size, channels: 3, background } })
        .png()
        .toBuffer();
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), bytes);
      return bytes;
    },
    rename: (from, to) => renameSync(path.join(root, from), path.join(root, to)),
    stored: () => cloud.assets().filter(({ public_id }) => public_id.startsWith(`${prefix}/`)),
    push: (tables, assetColumns, options = {}) =>
      pushTo(target, tables, { assetStore: store, assetColumns, ...options }),
  };
}

/** The error that an attempt ends with. */
export async function refusal(attempt: Promise<unknown>): Promise<OverseedError> {
  const error = await attempt.then(
    () => expect.fail('it was not refused'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OverseedError);
  return error as OverseedError;
}
