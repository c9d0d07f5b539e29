/** From paths in rows to assets: measured, named, and with what is known of them written into the row. */
import { createHash } from 'node:crypto';
import { AssetFiles, pathAsShown } from '../assets/asset-files.ts';
import type { AssetStore } from '../assets/asset-store.ts';
import type { MeasuredFile } from '../assets/measure-file.ts';
import { publicIdOf } from '../assets/public-id.ts';
import { isWebAddress } from '../assets/remote/policy.ts';
import { UnusableFile } from '../assets/unusable-file.ts';
import {
  type ContentHash,
  type LedgerEntry,
  type MeasuredAsset,
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
interface Seen {
  readonly file: MeasuredFile;
  /** What the store is to make of it. */
  readonly byStore: Transformation | undefined;
  readonly placeholder: string | undefined;
}

/** A look at a file, which takes its time. No promise, unless somebody waits: there are very many of them. */
class Look {
  seen: Seen | UnusableFile | undefined;
  #failure: { readonly reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  succeed(seen: Seen): void {
    this.seen = seen;
    this.#wake?.();
  }

  fail(reason: unknown): void {
    if (reason instanceof UnusableFile) this.seen = reason;
    else this.#failure = { reason };
    this.#wake?.();
  }

  /** @throws whatever ended the look, other than the file itself */
  async whenSeen(): Promise<Seen | UnusableFile> {
    while (this.seen === undefined) {
      if (this.#failure) throw this.#failure.reason;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    return this.seen;
  }
}

export class AssetResolver implements Disposable {
  readonly #store: AssetStore;
  readonly #known: ReadonlyMap<string, LedgerEntry>;
  readonly #files: AssetFiles;
  readonly #byHash = new Map<string, MeasuredAsset>();
  /** By declaration and path: rows that share files are mostly near each other. */
  readonly #looks = new Map<AssetDeclaration, RecentMap<string, Look>>();

  /** @param known the ledger: bytes that were uploaded before keep their public ID, whatever the file is called now */
  constructor(store: AssetStore, known: ReadonlyMap<string, LedgerEntry>, signal: AbortSignal) {
    this.#files = new AssetFiles(signal);
    this.#store = store;
    this.#known = known;
  }

  /** Every asset once. */
  get assets(): MeasuredAsset[] {
    return [...this.#byHash.values()];
  }

  /** Starts the work; {@link resolve} of the same row then finds it under way. */
  prefetch(columns: AssetColumns, values: ReadonlyMap<string, SqlValue>): void {
    for (const declaration of columns) {
      const found = pathsIn(declaration, values.get(nameIn(values, declaration.path)));
      if ('paths' in found) for (const path of found.paths) this.#look(declaration, path);
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
          const look = this.#look(declaration, path);
          const seen = look.seen ?? (await look.whenSeen());
          if (seen instanceof UnusableFile) {
            const where = found.isList ? ` (number ${index + 1} in the list)` : '';
            problems.push({ column, value: pathAsShown(path), message: `${seen.message}${where}` });
          } else {
            // Named in the order of the rows, not in that of the work: of equal files the first one gives the name.
            assets.push({ asset: this.#name(pathAsShown(path), seen), placeholder: seen.placeholder });
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

  #look(declaration: AssetDeclaration, path: string): Look {
    let looks = this.#looks.get(declaration);
    if (!looks) {
      looks = new RecentMap(REMEMBERED_PATHS);
      this.#looks.set(declaration, looks);
    }
    const existing = looks.get(path);
    if (existing) return existing;
    const look = new Look();
    looks.set(path, look);
    if (declaration.optimise || declaration.placeholder || isWebAddress(path))
      this.#lookClosely(declaration, path, look);
    else {
      this.#files.begin(declaration, path, (file, problem) => {
        if (!file) look.fail(problem);
        else if (file.format === 'svg') this.#lookClosely(declaration, path, look);
        else look.succeed({ file, byStore: undefined, placeholder: undefined });
      });
    }
    return look;
  }

  #lookClosely(declaration: AssetDeclaration, path: string, look: Look): void {
    this.#lookAt(declaration, path).then(
      (seen) => look.succeed(seen),
      (error: unknown) => look.fail(error),
    );
  }

  async #lookAt(declaration: AssetDeclaration, path: string): Promise<Seen> {
    const { optimise, placeholder } = declaration;
    const byStore = optimise?.by === 'store' ? this.#store.incoming?.(optimise) : undefined;
    const file = await this.#files.prepare(declaration, path, byStore === undefined);
    return {
      file,
      // A drawing has no pixels to make fewer of.
      byStore: file.format === 'svg' ? undefined : byStore,
      placeholder: placeholder && (await this.#files.placeholder(declaration, file)),
    };
  }

  #name(path: string, { file, byStore }: Seen): MeasuredAsset {
    const hash = byStore ? hashOfTransformed(file.hash, byStore) : file.hash;
    const existing = this.#byHash.get(hash);
    if (existing) return existing;
    const known = this.#known.get(hash);
    const publicId = known ? toPublicId(known.publicId) : publicIdOf(this.#store.prefix, path, hash);
    const asset: MeasuredAsset = {
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
function transformed(
  file: MeasuredFile,
  by: Transformation,
  known: LedgerEntry | undefined,
): Partial<MeasuredAsset> {
  return {
    incoming: { ...by, fileHash: file.hash, fileBytes: file.sizeBytes },
    format: by.format ?? file.format,
    ...(known ? { sizeBytes: known.sizeBytes } : {}),
  };
}
