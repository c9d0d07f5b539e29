/** From what a row says to a measured file that may be stored: fetched, looked into, sanitised, optimised. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { AssetDeclaration } from '../model/asset-columns.ts';
import { Slots } from '../util/slots.ts';
import { DerivedFiles } from './derived/derived-files.ts';
import { FileCache } from './derived/file-cache.ts';
import { optimise } from './derived/optimise.ts';
import { type PlaceholderFacts, placeholderOf } from './derived/placeholder.ts';
import { sanitizedSvg } from './derived/sanitize-svg.ts';
import type { MeasuredFile } from './measure-file.ts';
import { type Measured, Measurer } from './measurer.ts';
import { isWebAddress, withoutSecrets } from './remote/policy.ts';
import { RemoteFileCache } from './remote/remote-files.ts';
import { UnusableFile } from './unusable-file.ts';

/** What is kept in one cache folder. */
interface Caches {
  readonly optimised: DerivedFiles;
  readonly sanitised: DerivedFiles;
  readonly remote: RemoteFileCache;
  readonly placeholders: FileCache<PlaceholderFacts>;
}

export class AssetFiles implements Disposable {
  readonly #measurer = new Measurer();
  readonly #caches = new Map<string, Caches>();
  readonly #pictures = new Slots(availableParallelism());
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.#measurer.end(this.#signal.reason);

  /** @param signal ends what is under way: reading and downloads at once, pictures when they are done */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /**
   * Looks at a local file that nothing is made of. One that needs more turns out to be a drawing, whose `format` says so:
   * then {@link prepare} is meant.
   */
  begin({ root }: AssetDeclaration, wanted: string, done: Measured): void {
    this.#measurer.begin(root, wanted, done);
  }

  /**
   * The file that is to be stored for what a row says.
   * @param isOptimisedHere whether `optimise` of the declaration is this machine's work
   * @throws UnusableFile, CONFIG_INVALID
   */
  async prepare(
    declaration: AssetDeclaration,
    wanted: string,
    isOptimisedHere: boolean,
  ): Promise<MeasuredFile> {
    const source = await this.#source(declaration, wanted);
    const clean = source.format === 'svg' ? await this.#judgeSvg(declaration, source) : source;
    if (!declaration.optimise || !isOptimisedHere) return clean;
    return optimise(clean, declaration.optimise, this.#cachesIn(declaration.cache).optimised);
  }

  /** @throws UnusableFile, CONFIG_INVALID */
  async placeholder(declaration: AssetDeclaration, file: MeasuredFile): Promise<string> {
    const { placeholders } = this.#cachesIn(declaration.cache);
    return this.#pictures.run(() => placeholderOf(file, placeholders));
  }

  #source({ root, remote, cache }: AssetDeclaration, wanted: string): Promise<MeasuredFile> {
    if (!isWebAddress(wanted)) return this.#measurer.measure(root, wanted);
    if (!remote)
      throw new UnusableFile(
        'is on the web, and no host is allowed; name it in `remote.hosts` of the asset columns',
      );
    return this.#cachesIn(cache).remote.fetch(wanted, remote);
  }

  async #judgeSvg({ svg = 'refuse', cache }: AssetDeclaration, source: MeasuredFile): Promise<MeasuredFile> {
    if (svg === 'allow') return source;
    if (svg === 'sanitize') return sanitizedSvg(source, this.#cachesIn(cache).sanitised);
    throw new UnusableFile(
      'is an SVG, which can carry scripts; say `svg: "sanitize"` or "allow" in the asset columns',
    );
  }

  #cachesIn(folder: string): Caches {
    const existing = this.#caches.get(folder);
    if (existing) return existing;
    const caches: Caches = {
      optimised: new DerivedFiles(path.join(folder, 'optimised'), this.#measurer),
      sanitised: new DerivedFiles(path.join(folder, 'sanitised'), this.#measurer),
      remote: new RemoteFileCache(path.join(folder, 'remote'), this.#measurer, this.#signal),
      placeholders: new FileCache(path.join(folder, 'placeholders')),
    };
    this.#caches.set(folder, caches);
    return caches;
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#measurer[Symbol.dispose]();
  }
}

/** A path as it is shown, kept in plans and made into a public ID. */
export function pathAsShown(wanted: string): string {
  return isWebAddress(wanted) ? withoutSecrets(wanted) : wanted;
}
