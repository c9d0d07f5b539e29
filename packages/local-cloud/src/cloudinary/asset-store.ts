/**
 * Where assets live: an index in memory, a journal of its changes, and one file per version of each asset's bytes.
 * Bytes are written under a name nobody knows before the index mentions them, so a crash leaves a stray file, which the
 * next start removes, and never an asset without bytes.
 */
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, createWriteStream, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Asset, ResourceType } from './asset.ts';

/** Bytes on disk that no asset mentions yet. */
export interface Incoming {
  readonly object: string;
  readonly bytes: number;
  readonly etag: string;
}

type Change = { readonly put: Asset; readonly renamedFrom?: string } | { readonly remove: string };

export const keyOf = (resourceType: ResourceType, publicId: string) => `${resourceType}/${publicId}`;

export class AssetStore {
  readonly #folder: string;
  readonly #journal: string;
  readonly #keepsBackups: boolean;
  readonly #assets = new Map<string, Asset>();
  readonly #backups = new Map<string, Asset>();
  /** Objects on disk that no asset mentions yet. */
  readonly #received = new Set<string>();
  readonly #listeners: ((key: string, asset: Asset | undefined) => void)[] = [];

  private constructor(folder: string, keepsBackups: boolean) {
    this.#folder = join(folder, 'objects');
    this.#journal = join(folder, 'assets.jsonl');
    this.#keepsBackups = keepsBackups;
  }

  static async open(folder: string, { backup }: { readonly backup: boolean }): Promise<AssetStore> {
    const store = new AssetStore(folder, backup);
    await mkdir(store.#folder, { recursive: true });
    store.#replay();
    await store.#removeStrays();
    return store;
  }

  get(resourceType: ResourceType, publicId: string): Asset | undefined {
    return this.#assets.get(keyOf(resourceType, publicId));
  }

  all(): Asset[] {
    return [...this.#assets.values()];
  }

  get size(): number {
    return this.#assets.size;
  }

  pathOf({ object }: { readonly object: string }): string {
    return join(this.#folder, object);
  }

  /** Tells `listener` of every later change. */
  onChange(listener: (key: string, asset: Asset | undefined) => void): void {
    this.#listeners.push(listener);
  }

  /** Writes a stream to disk. Whoever calls this also calls `release` in the end. */
  async receive(source: Readable): Promise<Incoming> {
    const object = randomBytes(16).toString('hex');
    this.#received.add(object);
    const md5 = createHash('md5');
    let bytes = 0;
    source.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      md5.update(chunk);
    });
    try {
      await pipeline(source, createWriteStream(this.pathOf({ object })));
    } catch (error) {
      this.#erase({ object });
      throw error;
    }
    return { object, bytes, etag: md5.digest('hex') };
  }

  read(incoming: { readonly object: string }): Promise<Buffer> {
    return readFile(this.pathOf(incoming));
  }

  /** Deletes received bytes, unless an asset was made of them. */
  release(incoming: Incoming): void {
    if (this.#received.delete(incoming.object)) this.#erase(incoming);
  }

  #erase(stored: { readonly object: string }): void {
    rmSync(this.pathOf(stored), { force: true });
  }

  /** Makes `asset` visible, in place of an older one of its name. */
  commit(asset: Asset): void {
    const replaced = this.get(asset.resourceType, asset.publicId);
    this.#record({ put: asset });
    this.#received.delete(asset.object);
    if (replaced && replaced.object !== asset.object) this.#erase(replaced);
  }

  rename(from: Asset, publicId: string): Asset {
    const renamed: Asset = { ...from, publicId };
    const replaced = this.get(from.resourceType, publicId);
    this.#record({ put: renamed, renamedFrom: keyOf(from.resourceType, from.publicId) });
    if (replaced) this.#erase(replaced);
    return renamed;
  }

  remove(asset: Asset): void {
    const key = keyOf(asset.resourceType, asset.publicId);
    this.#record({ remove: key });
    if (!this.#keepsBackups) {
      this.#erase(asset);
      return;
    }
    const older = this.#backups.get(key);
    if (older) this.#erase(older);
    this.#backups.set(key, asset);
  }

  /** Brings back a deleted asset; undefined when there is no backup of it. */
  restore(resourceType: ResourceType, publicId: string): Asset | undefined {
    const key = keyOf(resourceType, publicId);
    const asset = this.#backups.get(key);
    if (!asset || this.#assets.has(key)) return undefined;
    this.#backups.delete(key);
    this.#record({ put: asset });
    return asset;
  }

  #record(change: Change): void {
    appendFileSync(this.#journal, `${JSON.stringify(change)}\n`);
    for (const [key, asset] of this.#apply(change)) {
      for (const listener of this.#listeners) listener(key, asset);
    }
  }

  #apply(change: Change): [string, Asset | undefined][] {
    if ('remove' in change) {
      this.#assets.delete(change.remove);
      return [[change.remove, undefined]];
    }
    const { put, renamedFrom } = change;
    const key = keyOf(put.resourceType, put.publicId);
    if (renamedFrom !== undefined) this.#assets.delete(renamedFrom);
    this.#assets.set(key, put);
    return renamedFrom === undefined
      ? [[key, put]]
      : [
          [renamedFrom, undefined],
          [key, put],
        ];
  }

  #replay(): void {
    writeFileSync(this.#journal, '', { flag: 'a' });
    const lines = readFileSync(this.#journal, 'utf8').split('\n');
    // A crash can tear the last line; what it would have said never happened.
    lines.pop();
    for (const line of lines) this.#apply(JSON.parse(line) as Change);
    const compacted = this.all().map((put) => `${JSON.stringify({ put })}\n`);
    writeFileSync(`${this.#journal}.new`, compacted.join(''));
    renameSync(`${this.#journal}.new`, this.#journal);
  }

  async #removeStrays(): Promise<void> {
    const known = new Set(this.all().map(({ object }) => object));
    for (const object of await readdir(this.#folder)) {
      if (!known.has(object)) this.#erase({ object });
    }
  }
}
