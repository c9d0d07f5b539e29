/** From paths in rows to assets: measured, named, and with what is known of them written into the row. */
import { createHash } from 'node:crypto';
import { AssetFiles, pathAsShown } from '../assets/asset-files.ts';
import type { AssetStore } from '../assets/asset-store.ts';
import type { MeasuredFile } from '../assets/measure-file.ts';
import { publicIdOf } from '../assets/public-id.ts';
import { UnusableFile } from '../assets/unusable-file.ts';
import {
  type Asset,
  type ContentHash,
  type LedgerEntry,
  type Transformation,
  toContentHash,
  toPublicId,
} from '../model/asset.ts';
import { ASSET_TARGETS, type AssetColumns, type AssetDeclaration } from '../model/asset-columns.ts';
import type { SqlValue } from '../model/value.ts';
import type { RowProblem } from '../source/source.ts';
import { RecentMap } from '../util/recent-map.ts';
import { fillCells, nameIn, type ResolvedAsset } from './asset-cells.ts';
import { pathsIn } from './asset-paths.ts';

/** Paths whose answer is remembered. One that is forgotten is looked at again, with the same answer. */
const REMEMBERED_PATHS = 4_096;

/** What is known of a file before it has a name. */
interface Looked {
  readonly file: MeasuredFile;
  /** What the store is to make of it. */
  readonly byStore: Transformation | undefined;
  readonly placeholder?: string;
}

export class AssetResolver implements Disposable {
  readonly #store: AssetStore;
  readonly #known: ReadonlyMap<string, LedgerEntry>;
  readonly #files: AssetFiles;
  readonly #byHash = new Map<string, Asset>();
  /** By declaration and path: rows that share files are mostly near each other. */
  readonly #looked = new Map<AssetDeclaration, RecentMap<string, Promise<Looked>>>();

  /** @param known the ledger: bytes that were uploaded before keep their public ID, whatever the file is called now */
  constructor(store: AssetStore, known: ReadonlyMap<string, LedgerEntry>, signal: AbortSignal) {
    this.#files = new AssetFiles(signal);
    this.#store = store;
    this.#known = known;
  }

  /** Every asset once. */
  get assets(): Asset[] {
    return [...this.#byHash.values()];
  }

  /** Starts the work; {@link resolve} of the same row then finds it under way. */
  prefetch(columns: AssetColumns, values: ReadonlyMap<string, SqlValue>): void {
    for (const declaration of columns) {
      const paths = pathsIn(declaration, values.get(nameIn(values, declaration.path)));
      // A failure is reported by `resolve`, which awaits the very same promise.
      if ('paths' in paths)
        for (const path of paths.paths) this.#look(declaration, path).catch(() => undefined);
    }
  }

  /** The row with its asset columns filled, or what is wrong with its files. */
  async resolve(
    columns: AssetColumns,
    values: ReadonlyMap<string, SqlValue>,
  ): Promise<Map<string, SqlValue> | RowProblem> {
    const filled = new Map(values);
    const problems: RowProblem[] = [];
    for (const declaration of columns) {
      const column = nameIn(values, declaration.path);
      const found = pathsIn(declaration, values.get(column));
      if ('problem' in found) problems.push({ column, ...found.problem });
      else if (found.paths.length > 0 || found.isList) {
        const assets: ResolvedAsset[] = [];
        for (const [index, path] of found.paths.entries()) {
          try {
            const looked = await this.#look(declaration, path);
            // Named in the order of the rows, not in that of the work: of equal files the first one gives the name.
            assets.push({ ...looked, asset: this.#name(pathAsShown(path), looked) });
          } catch (error) {
            if (!(error instanceof UnusableFile)) throw error;
            const where = found.isList ? ` (number ${index + 1} in the list)` : '';
            problems.push({ column, value: pathAsShown(path), message: `${error.message}${where}` });
          }
        }
        fillCells(filled, declaration, assets, this.#store);
      }
    }
    const [first, ...further] = problems;
    return first ? { ...first, ...(further.length > 0 ? { further } : {}) } : filled;
  }

  [Symbol.dispose](): void {
    this.#files[Symbol.dispose]();
  }

  #look(declaration: AssetDeclaration, path: string): Promise<Looked> {
    let looked = this.#looked.get(declaration);
    if (!looked) {
      looked = new RecentMap(REMEMBERED_PATHS);
      this.#looked.set(declaration, looked);
    }
    let running = looked.get(path);
    if (!running) {
      running = this.#lookAt(declaration, path);
      looked.set(path, running);
    }
    return running;
  }

  async #lookAt(declaration: AssetDeclaration, path: string): Promise<Looked> {
    const { optimise, placeholder } = declaration;
    const byStore = optimise?.by === 'store' ? this.#store.incoming?.(optimise) : undefined;
    const file = await this.#files.prepare(declaration, path, byStore === undefined);
    return {
      file,
      // A drawing has no pixels to make fewer of.
      byStore: file.format === 'svg' ? undefined : byStore,
      ...(placeholder ? { placeholder: await this.#files.placeholder(declaration, file) } : {}),
    };
  }

  #name(path: string, { file, byStore }: Looked): Asset {
    const hash = byStore ? hashOfTransformed(file.hash, byStore) : file.hash;
    const existing = this.#byHash.get(hash);
    if (existing) return existing;
    const known = this.#known.get(hash);
    const publicId = known ? toPublicId(known.publicId) : publicIdOf(this.#store.prefix, path, hash);
    const asset: Asset = {
      ...file,
      hash,
      path,
      publicId,
      ...(byStore ? transformed(file, byStore, known) : {}),
    };
    this.#byHash.set(hash, asset);
    return asset;
  }
}

/** Every column that `columns` read or fill. */
export function namesOf(columns: AssetColumns): string[] {
  return columns.flatMap((declaration) =>
    [declaration.path, ...ASSET_TARGETS.map((key) => declaration[key])].filter((name) => name !== undefined),
  );
}

/** Identity of what a store makes of certain bytes in a certain way. */
function hashOfTransformed(hash: ContentHash, { transformation, format = '' }: Transformation): ContentHash {
  return toContentHash(createHash('sha256').update(`${hash}\n${transformation}\n${format}`).digest('hex'));
}

/** What the store holds is known when it was stored before; until then, what is sent. */
function transformed(file: MeasuredFile, by: Transformation, known: LedgerEntry | undefined): Partial<Asset> {
  return {
    incoming: { ...by, fileHash: file.hash, fileBytes: file.sizeBytes },
    format: by.format ?? file.format,
    ...(known ? { etag: known.etag, sizeBytes: known.sizeBytes } : {}),
  };
}
