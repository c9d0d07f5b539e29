/** P2: a push is killed, again and again, while its files go up: the old site is whole, and each rerun sends what is missing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../packages/local-cloud/src/util/seeded-random.ts';
import type { remoteTarget } from '../support/engine.ts';
import { type MediaBench, mediaBench, storedIds } from '../support/media.ts';
import type { ChildPush } from '../support/push-child.ts';

const CHILD = path.resolve(import.meta.dirname, '../support/push-child.ts');
const IMAGES = 30;
const LATENCY_MS = 40;
/** Kills of one lane; two lanes run side by side. */
const KILLS = 25;

/** A child that has loaded everything and waits for its work. */
class Child {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  #said = '';

  constructor(cache: string) {
    this.#process = spawn(process.execPath, [CHILD], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // Fifty starts are a minute of compiling otherwise.
      env: { ...process.env, NODE_COMPILE_CACHE: cache },
    });
    this.#exited = once(this.#process, 'exit');
    this.#process.stdout?.on('data', (text: Buffer) => {
      this.#said += text.toString();
    });
  }

  has(word: string): boolean {
    return this.#said.split('\n').includes(word);
  }

  /** Waits for one of the words, or for the end. */
  async until(...words: string[]): Promise<void> {
    while (!words.some((word) => this.has(word)) && this.#process.exitCode === null) await sleep(2);
    if (this.#process.exitCode) throw new Error(`The child failed with ${this.#process.exitCode}`);
  }

  start(work: ChildPush): void {
    // Whoever kills it may do so before it has read this.
    this.#process.stdin?.on('error', () => undefined);
    this.#process.stdin?.end(`${JSON.stringify(work)}\n`);
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }
}

/** One child at work, and one that warms up meanwhile. */
class Children implements AsyncDisposable {
  readonly #cache: string;
  readonly #all: Child[] = [];
  #spare: Child;

  constructor(cache: string) {
    this.#cache = cache;
    this.#spare = this.#start();
  }

  #start(): Child {
    const child = new Child(this.#cache);
    this.#all.push(child);
    return child;
  }

  async next(): Promise<Child> {
    const child = this.#spare;
    this.#spare = this.#start();
    await child.until('ready');
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map((child) => child.kill()));
  }
}

/** Version `number` of the site: each shares ten images with the one before. */
function site(number: number): ChildPush['rows'] {
  return Array.from({ length: IMAGES }, (_, index) => ({
    id: index + 1,
    title: `Site ${number}`,
    image: `p${number * 20 + index}.png`,
  }));
}

/** Requests that the dead process has left behind come to their end. */
async function calm(bench: MediaBench): Promise<void> {
  for (let before = -1; before !== bench.cloudinary.assets().length; ) {
    before = bench.cloudinary.assets().length;
    await sleep(4 * LATENCY_MS);
  }
}

describe.concurrent('P2: killed at random moments during upload', () => {
  test.each([20_260_101, 20_260_202])('25 kills, seed %i', { timeout: 300_000 }, async (seed) => {
    const random = seededRandom(seed);
    await using bench = await mediaBench({ target: 'remote' });
    const { url, token } = bench.target as Awaited<ReturnType<typeof remoteTarget>>;
    const { cloudName, apiKey, apiSecret, url: cloudUrl } = bench.cloudinary;
    const account = { cloudName, apiKey, apiSecret, apiBase: cloudUrl, deliveryBase: cloudUrl };
    const work = (number: number): ChildPush => ({
      database: { url, token },
      account,
      images: bench.images,
      rows: site(number),
    });
    const paint = (number: number) =>
      bench.paint(
        ...site(number)
          .map(({ image }) => image)
          .filter((image) => !painted.has(image) && painted.add(image)),
      );
    const painted = new Set<string>();
    const rows = () => bench.target.rows('SELECT * FROM pictures ORDER BY id');

    await using children = new Children(path.join(bench.target.folder, 'compiled'));
    let version = 0;
    await paint(0);
    const first = await children.next();
    first.start(work(0));
    await first.until('applied');
    await first.kill();
    bench.cloudinary.faults.set({ kind: 'latency', ms: LATENCY_MS, route: 'upload' });
    let old = await rows();
    await paint(++version);

    let kills = 0;
    const delays: number[] = [];
    while (kills < KILLS) {
      const stored = storedIds(bench).length;
      const before = bench.cloudinary.counters();
      const child = await children.next();
      child.start(work(version));
      await child.until('uploading', 'applied');
      const delayMs = Math.floor(random() * 5 * LATENCY_MS);
      await sleep(delayMs);
      const during = child.has('uploading') && !child.has('uploaded');
      if (!during) await child.until('applied');
      await child.kill();
      await calm(bench);
      // What was there is not sent again.
      const after = bench.cloudinary.counters();
      expect(after.existing - before.existing).toBe(0);
      expect(after.uploads - before.uploads).toBe(storedIds(bench).length - stored);
      if (during) {
        kills++;
        delays.push(delayMs);
        expect(await rows()).toEqual(old);
        const heads = await Promise.all(
          old.map(([, , , address]) => fetch(String(address), { method: 'HEAD' })),
        );
        expect(heads.map(({ status }) => status)).toEqual(old.map(() => 200));
      } else {
        old = await rows();
        expect(old.map(([, title]) => title)).toEqual(old.map(() => `Site ${version}`));
        await paint(++version);
      }
    }
    console.info(
      `seed ${seed}: ${KILLS} kills after ${delays.join(', ')} ms, ${version} versions of the site`,
    );
    // The last version arrives, and then something else is wanted.
    for (const number of [version, version + 1]) {
      await paint(number);
      const child = await children.next();
      child.start(work(number));
      await child.until('applied');
      await child.kill();
    }

    // Every image was stored exactly once, and the ledger names every single one.
    expect(bench.cloudinary.counters()).toMatchObject({ uploads: painted.size, overwritten: 0 });
    expect((await bench.ledger()).map(({ publicId }) => publicId)).toEqual(storedIds(bench));
    expect(storedIds(bench)).toHaveLength(painted.size);
    const needed = (await bench.target.rows('SELECT public_id FROM pictures ORDER BY public_id')).flat();
    expect(needed).toHaveLength(IMAGES);
    const { outcome } = await bench.prune({ graceMs: 0 });
    expect(outcome).toMatchObject({ removed: { files: painted.size - IMAGES } });
    expect(storedIds(bench)).toEqual(needed);
  });
});
