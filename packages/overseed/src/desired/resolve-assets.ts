/** From local paths in rows to assets: measured, named, and with the URL written into the row. */

import type { AssetStore } from '../assets/asset-store.ts';
import { type MeasuredFile, measureFile, UnusableFile } from '../assets/measure-file.ts';
import { publicIdOf } from '../assets/public-id.ts';
import type { Asset, LedgerEntry } from '../model/asset.ts';
import { toPublicId } from '../model/asset.ts';
import type { AssetColumns } from '../model/asset-columns.ts';
import type { SqlValue } from '../model/value.ts';
import type { RowProblem } from '../source/source.ts';

export class AssetResolver {
  readonly #store: AssetStore;
  readonly #known: ReadonlyMap<string, LedgerEntry>;
  readonly #byHash = new Map<string, Asset>();
  readonly #measured = new Map<string, Promise<MeasuredFile>>();

  /** @param known the ledger: bytes that were uploaded before keep their public ID, whatever the file is called now */
  constructor(store: AssetStore, known: ReadonlyMap<string, LedgerEntry>) {
    this.#store = store;
    this.#known = known;
  }

  get assets(): Asset[] {
    return [...this.#byHash.values()];
  }

  /** Starts measuring; {@link resolve} of the same row then finds the work under way. */
  prefetch(columns: AssetColumns, values: ReadonlyMap<string, SqlValue>): void {
    const path = values.get(columns.path);
    // The failure is reported by `resolve`, which awaits the very same promise.
    if (typeof path === 'string') this.#measure(columns.root, path).catch(() => undefined);
  }

  /** The row with its asset columns filled, or what is wrong with its file. */
  async resolve(
    columns: AssetColumns,
    values: ReadonlyMap<string, SqlValue>,
  ): Promise<Map<string, SqlValue> | RowProblem> {
    const filled = new Map(values);
    const path = values.get(columns.path) ?? null;
    if (path === null) return filled;
    if (typeof path !== 'string') return { column: columns.path, message: 'is not a path' };
    let asset: Asset;
    try {
      asset = this.#name(path, await this.#measure(columns.root, path));
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      return { column: columns.path, value: path, message: error.message };
    }
    filled.set(columns.url, this.#store.urlOf(asset));
    if (columns.publicId) filled.set(columns.publicId, asset.publicId);
    if (columns.done) filled.set(columns.done, 1n);
    return filled;
  }

  #measure(root: string, path: string): Promise<MeasuredFile> {
    const key = `${root}\n${path}`;
    const running = this.#measured.get(key) ?? measureFile(root, path);
    this.#measured.set(key, running);
    return running;
  }

  #name(path: string, file: MeasuredFile): Asset {
    const existing = this.#byHash.get(file.hash);
    if (existing) return existing;
    const known = this.#known.get(file.hash);
    const publicId = known ? toPublicId(known.publicId) : publicIdOf(this.#store.prefix, path, file.hash);
    const asset: Asset = { ...file, path, publicId };
    this.#byHash.set(file.hash, asset);
    return asset;
  }
}
