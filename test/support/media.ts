/** A target with a table of pictures, a folder to paint them in, and Cloudinary's emulator to keep them. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type CloudinaryEmulator, type CloudinaryOptions, startCloudinary } from 'local-cloud';
import type { AssetStore } from '../../packages/overseed/src/assets/asset-store.ts';
import { openCloudinaryStore } from '../../packages/overseed/src/assets/cloudinary/open.ts';
import type { Event } from '../../packages/overseed/src/model/event.ts';
import type { Outcome } from '../../packages/overseed/src/model/outcome.ts';
import type { PruneOutcome } from '../../packages/overseed/src/model/prune.ts';
import { type Run, startRun } from '../../packages/overseed/src/model/run.ts';
import { prune } from '../../packages/overseed/src/prune.ts';
import { type Parts, push } from '../../packages/overseed/src/push.ts';
import type { Target } from '../../packages/overseed/src/target/target.ts';
import { randomPicture } from '../../packages/overseed/src/util/random-picture.ts';
import { fileTarget, plainSource, remoteTarget, type TestTarget } from './engine.ts';

export const PICTURES = `CREATE TABLE pictures (id INTEGER PRIMARY KEY, title TEXT, image TEXT, url TEXT, public_id TEXT, done INTEGER)`;

/** By row: the picture's file, or null for a row without one. */
export type Gallery = Readonly<Record<number, string | null>>;

export interface MediaOptions {
  readonly target?: 'file' | 'remote';
  readonly cloudinary?: CloudinaryOptions;
  readonly prefix?: string;
}

export interface MediaPush {
  readonly parts?: Partial<Parts>;
  readonly titles?: string;
  readonly signal?: AbortSignal;
  readonly around?: (target: Target) => Target;
  readonly onEvent?: (event: Event) => void;
}

export interface LedgerRow {
  readonly hash: string;
  readonly publicId: string;
  readonly etag: string;
  readonly bytes: number;
  readonly stored: boolean;
  readonly unused: boolean;
  readonly firstRun: string;
  readonly lastRun: string;
}

export interface MediaBench extends AsyncDisposable {
  readonly target: TestTarget;
  readonly cloudinary: CloudinaryEmulator;
  /** Where the pictures are painted. */
  readonly images: string;
  readonly backups: string;
  store(changes?: Partial<CloudinaryEmulator>): AssetStore;
  /** Paints pictures that exist nowhere else. */
  paint(...names: string[]): Promise<void>;
  /** What a push of `gallery` is made of. */
  parts(gallery: Gallery, target: Target, titles?: string): Parts;
  push(gallery: Gallery, options?: MediaPush): Promise<{ outcome: Outcome; events: Event[]; run: Run }>;
  prune(options?: PruneChoice): Promise<{ outcome: PruneOutcome; events: Event[] }>;
  ledger(): Promise<LedgerRow[]>;
  /** Lets every clock that runs in the ledger have run for so many days more. */
  age(days: number): Promise<void>;
}

export interface PruneChoice {
  readonly graceMs?: number;
  readonly store?: AssetStore;
  readonly others?: readonly Target[];
  readonly signal?: AbortSignal;
}

export async function mediaBench({
  target: kind = 'file',
  cloudinary: options = {},
  prefix = 'site',
}: MediaOptions = {}): Promise<MediaBench> {
  const target = await (kind === 'file' ? fileTarget() : remoteTarget());
  const cloudinary = await startCloudinary(options);
  const images = path.join(target.folder, 'images');
  const backups = path.join(target.folder, 'backups');
  await mkdir(images);
  await target.run(PICTURES);
  const never = new AbortController().signal;

  const store: MediaBench['store'] = (changes = {}) => {
    const { cloudName, apiKey, apiSecret, url } = { ...cloudinary, ...changes };
    return openCloudinaryStore({ cloudName, apiKey, apiSecret, apiBase: url, deliveryBase: url }, prefix);
  };
  const parts: MediaBench['parts'] = (gallery, opened, titles = 'Picture') => ({
    source: plainSource({
      pictures: Object.entries(gallery).map(([id, image]) => ({
        id: BigInt(id),
        title: `${titles} ${id}`,
        image,
      })),
    }),
    target: opened,
    assetStore: store(),
    assetColumns: {
      pictures: [
        {
          root: images,
          path: 'image',
          url: 'url',
          publicId: 'public_id',
          done: 'done',
          cache: path.join(images, '.cache'),
        },
      ],
    },
    backups: undefined,
    howToMigrate: 'Push the schema',
  });

  return {
    target,
    cloudinary,
    images,
    backups,
    store,
    parts,
    async paint(...names) {
      for (const name of names) {
        await mkdir(path.dirname(path.join(images, name)), { recursive: true });
        await writeFile(path.join(images, name), randomPicture({ width: 4, height: 4 }));
      }
    },
    async push(
      gallery,
      { parts: changes, titles, signal = never, around = (opened: Target) => opened, onEvent } = {},
    ) {
      await using opened = target.open();
      const events: Event[] = [];
      const emit = (event: Event) => {
        events.push(event);
        onEvent?.(event);
      };
      const run = startRun({ signal, emit });
      const outcome = await push({ ...parts(gallery, around(opened), titles), ...changes }, 'overwrite', run);
      return { outcome, events, run };
    },
    async prune({ graceMs = 7 * 86_400_000, store: other, others = [], signal = never } = {}) {
      await using opened = target.open();
      const events: Event[] = [];
      const run = startRun({ signal, emit: (event) => events.push(event) });
      const scope = { targets: [opened, ...others], assetStore: other ?? store(), backups, graceMs };
      return { outcome: await prune(scope, run), events };
    },
    async ledger() {
      const rows = await target.rows(
        `SELECT hash, public_id, etag, bytes, stored, unused_since IS NOT NULL, first_run, last_run
         FROM _overseed_assets ORDER BY public_id`,
      );
      return rows.map(([hash, publicId, etag, bytes, stored, unused, firstRun, lastRun]) => ({
        hash: String(hash),
        publicId: String(publicId),
        etag: String(etag),
        bytes: Number(bytes),
        stored: stored === 1n,
        unused: unused === 1n,
        firstRun: String(firstRun),
        lastRun: String(lastRun),
      }));
    },
    age: (days) => target.run(`UPDATE _overseed_assets SET unused_since=unused_since-${days * 86_400_000}`),
    async [Symbol.asyncDispose]() {
      await cloudinary.stop();
      await target[Symbol.asyncDispose]();
    },
  };
}

/** Row numbers from 1 and pictures to go with them: `{ 1: 'a1.png', … }`. */
export function gallery(count: number, name: (id: number) => string = (id) => `p${id}.png`): Gallery {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [index + 1, name(index + 1)]));
}

/** All public IDs in the store, in order. */
export function storedIds({ cloudinary }: Pick<MediaBench, 'cloudinary'>): string[] {
  return cloudinary.assets().map(({ public_id }) => public_id);
}
