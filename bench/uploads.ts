/**
 * Uploads by ratio, in one run, against one store: `node bench/uploads.ts [latency:files …]`, by default
 * `0.2:180 1:180 4:100`, with latencies in seconds.
 *
 * The store takes twenty uploads at once and turns others away, as Cloudinary does. Three ways to upload the same files:
 * - batches of ten, three at once, a second between batches, four tries (the scheme that many projects write);
 * - a fixed pool of thirty, five tries with a growing pause (what tools for bulk uploads do);
 * - Overseed.
 * The first two use the official SDK; of Overseed it is the upload stage of a push. The bound is what nobody can beat: ceil(files / 20) × latency.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCloudinaryStore } from '../packages/overseed/src/assets/cloudinary/open.ts';
import { withEtag } from '../packages/overseed/src/assets/etag.ts';
import { measureFile } from '../packages/overseed/src/assets/measure-file.ts';
import { publicIdOf } from '../packages/overseed/src/assets/public-id.ts';
import type { Asset } from '../packages/overseed/src/model/asset.ts';
import type { CloudinaryAccount } from '../packages/overseed/src/model/cloudinary-account.ts';
import { startRun } from '../packages/overseed/src/model/run.ts';
import { push } from '../packages/overseed/src/push.ts';
import type { Source } from '../packages/overseed/src/source/source.ts';
import { LocalDatabase } from '../packages/overseed/src/sqlite/local-database.ts';
import { openFileTarget } from '../packages/overseed/src/target/file/open.ts';
import { uploadAssets } from '../packages/overseed/src/upload/upload-assets.ts';
import { randomPicture } from '../packages/overseed/src/util/random-picture.ts';
import { startStore } from './support/store-process.ts';

const LIMIT = 20;
const CASES = (process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['0.2:180', '1:180', '4:100']).map(
  (text) => {
    const [seconds = 0, files = 0] = text.split(':').map(Number);
    return { seconds, files };
  },
);

type Sdk = typeof import('cloudinary').v2;

interface Result {
  readonly seconds: number;
  readonly failed: number;
  readonly turnedAway: number;
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-uploads-'));
const images = path.join(folder, 'images');
await mkdir(images);
const names = Array.from(
  { length: Math.max(...CASES.map(({ files }) => files)) },
  (_, index) => `p${index}.png`,
);
for (const name of names) await writeFile(path.join(images, name), randomPicture({ width: 80, height: 80 }));

const measured = new Map<string, Asset>();
for (const name of names) {
  const file = await measureFile(images, name);
  const asset = { ...file, path: name, publicId: publicIdOf('bench', name, file.hash) };
  measured.set(name, await withEtag(asset, new AbortController().signal));
}

/** A store of its own for each way, so that none finds what another has stored. */
async function measure(
  latency: number,
  upload: (account: CloudinaryAccount) => Promise<number>,
): Promise<Result> {
  await using store = await startStore({ uploadConcurrency: LIMIT, latencyMs: latency * 1_000 });
  const start = performance.now();
  const failed = await upload(store.account);
  const seconds = (performance.now() - start) / 1_000;
  return { seconds, failed, turnedAway: (await store.counters()).throttled };
}

/** The SDK chooses http or https when it is loaded, so it is told of an address before; later ones go by the call. */
async function loadSdk(): Promise<Sdk> {
  process.env.CLOUDINARY_URL = 'cloudinary://k:s@demo?upload_prefix=http%3A%2F%2F127.0.0.1';
  return (await import('cloudinary')).v2;
}
const sdk = await loadSdk();
const agent = new Agent({ keepAlive: true });

async function sdkUpload({ apiBase, apiKey, apiSecret, cloudName }: CloudinaryAccount, name: string) {
  const account = {
    upload_prefix: apiBase,
    api_key: apiKey,
    api_secret: apiSecret,
    cloud_name: cloudName,
    agent,
  };
  await sdk.uploader.upload(path.join(images, name), {
    public_id: `bench/${name.replace('.png', '')}`,
    ...account,
  });
}

/** @returns whether it was stored in the end */
async function withRetries(upload: () => Promise<void>, tries: number, pauseMs: (attempt: number) => number) {
  for (let attempt = 1; ; attempt++) {
    try {
      await upload();
      return true;
    } catch {
      if (attempt === tries) return false;
      await sleep(pauseMs(attempt));
    }
  }
}

/** `many` workers take files one after the other. @returns how many failed */
async function pool(
  files: readonly string[],
  many: number,
  upload: (name: string) => Promise<boolean>,
): Promise<number> {
  const queue = files.values();
  let failed = 0;
  const work = async () => {
    for (const name of queue) if (!(await upload(name))) failed++;
  };
  await Promise.all(Array.from({ length: many }, work));
  return failed;
}

async function inBatches(files: readonly string[], account: CloudinaryAccount): Promise<number> {
  let failed = 0;
  for (let start = 0; start < files.length; start += 10) {
    failed += await pool(files.slice(start, start + 10), 3, (name) =>
      withRetries(
        () => sdkUpload(account, name),
        4,
        (attempt) => 2 ** attempt * 1_000,
      ),
    );
    await sleep(1_000);
  }
  return failed;
}

function inFixedPool(files: readonly string[], account: CloudinaryAccount): Promise<number> {
  return pool(files, 30, (name) =>
    withRetries(
      () => sdkUpload(account, name),
      5,
      (attempt) => 250 * 2 ** attempt * (0.5 + Math.random()),
    ),
  );
}

/** The upload stage of a push, its questions to the store included; a push has hashed its files long before. */
async function withOverseed(files: readonly string[], account: CloudinaryAccount): Promise<number> {
  const run = startRun({ signal: new AbortController().signal, emit: () => undefined });
  const store = openCloudinaryStore(account, 'bench');
  const assets = files.map((name) => measured.get(name)).filter((asset) => asset !== undefined);
  await store.prepare(assets, run.signal);
  const { uploaded } = await uploadAssets(assets, store, run);
  return files.length - uploaded;
}

/** Two pushes of the same files: how many calls of any kind the store sees during the second. */
async function callsOfSecondPush(files: readonly string[]): Promise<number> {
  await using store = await startStore({ uploadConcurrency: LIMIT, latencyMs: 0 });
  const file = path.join(folder, 'target.db');
  const database = new LocalDatabase(file);
  database.exec('CREATE TABLE pictures (id INTEGER PRIMARY KEY, image TEXT, url TEXT)');
  database.close();
  const source: Source = {
    label: 'the benchmark',
    tables: [
      {
        name: 'pictures',
        columns: undefined,
        rows: () =>
          files.map((image, index) => ({
            values: new Map<string, string | bigint>([
              ['id', BigInt(index)],
              ['image', image],
            ]),
            problems: [],
          })),
      },
    ],
  };
  const pushOnce = async () => {
    await using target = openFileTarget({ file, label: 'target.db' });
    await push(
      {
        source,
        target,
        assetStore: openCloudinaryStore(store.account, 'bench'),
        assetColumns: {
          pictures: [{ root: images, path: 'image', url: 'url', cache: path.join(images, '.cache') }],
        },
        backups: undefined,
        howToMigrate: '',
      },
      'overwrite',
      startRun({ signal: new AbortController().signal, emit: () => undefined }),
    );
    const { uploadRequests, adminCalls, deliveries, deleted } = await store.counters();
    return uploadRequests + adminCalls + deliveries + deleted;
  };
  const first = await pushOnce();
  return (await pushOnce()) - first;
}

try {
  console.log(
    '| latency | files | bound | batches of 10, 3 at once | fixed pool of 30 | Overseed | of the bound | faster than batches |',
  );
  console.log('| ------: | ----: | ----: | ---: | ---: | ---: | ---: | ---: |');
  // Each way once before the clock runs: the first calls load and compile code.
  for (const way of [inBatches, inFixedPool, withOverseed])
    await measure(0, (account) => way(names.slice(0, 10), account));
  const show = ({ seconds, failed, turnedAway }: Result) =>
    `${seconds.toFixed(1)} s${turnedAway > 0 ? `, ${turnedAway} turned away` : ''}${failed > 0 ? `, **${failed} lost**` : ''}`;
  for (const { seconds, files } of CASES) {
    const chosen = names.slice(0, files);
    const bound = Math.ceil(files / LIMIT) * seconds;
    const batches = await measure(seconds, (account) => inBatches(chosen, account));
    const fixed = await measure(seconds, (account) => inFixedPool(chosen, account));
    const overseed = await measure(seconds, (account) => withOverseed(chosen, account));
    console.log(
      `| ${seconds} s | ${files} | ${bound.toFixed(1)} s | ${show(batches)} | ${show(fixed)} | ${show(overseed)} | ${(overseed.seconds / bound).toFixed(2)} | ${(batches.seconds / overseed.seconds).toFixed(1)}× |`,
    );
  }
  console.log(`\nStore calls of a second, unchanged push: ${await callsOfSecondPush(names.slice(0, 100))}`);
} finally {
  agent.destroy();
  await rm(folder, { recursive: true, force: true });
}
