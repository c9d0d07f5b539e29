/** Files from the web, kept on this machine: each run asks whether they changed, and fetches those that did. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { RemoteFiles } from '../../model/asset-columns.ts';
import { messageOf } from '../../model/error.ts';
import { Slots } from '../../util/slots.ts';
import { type CachedFile, type CacheEntry, FileCache } from '../derived/file-cache.ts';
import type { MeasuredFile } from '../measure-file.ts';
import type { Measurer } from '../measurer.ts';
import { UnusableFile } from '../unusable-file.ts';
import { download, type Validators } from './download.ts';

const DOWNLOADS_AT_ONCE = 8;

export class RemoteFileCache {
  readonly #cache: FileCache<Validators>;
  readonly #measurer: Measurer;
  readonly #slots = new Slots(DOWNLOADS_AT_ONCE);

  readonly #signal: AbortSignal;

  constructor(folder: string, measurer: Measurer, signal: AbortSignal) {
    this.#signal = signal;
    this.#cache = new FileCache(folder);
    this.#measurer = measurer;
  }

  /** @throws UnusableFile */
  async fetch(address: string, remote: RemoteFiles): Promise<MeasuredFile> {
    const key = createHash('sha256').update(address).digest('hex');
    const kept = await this.#kept(await this.#cache.read(key));
    return this.#slots.run(async () => {
      const fetched = await this.#fetchIfChanged(key, address, remote, kept?.validators ?? {});
      if (fetched) return this.#measure(fetched);
      if (kept) return kept.measured;
      throw new UnusableFile('answers that it did not change, without having been asked');
    });
  }

  /** What is still here, whole, of an earlier download. */
  async #kept(
    entry: CacheEntry<Validators> | undefined,
  ): Promise<{ measured: MeasuredFile; validators: Validators } | undefined> {
    if (!entry?.content) return undefined;
    try {
      const measured = await this.#measure(entry.content);
      return measured.hash === entry.content.sha256 ? { measured, validators: entry.facts } : undefined;
    } catch (error) {
      if (error instanceof UnusableFile) return undefined;
      throw error;
    }
  }

  /** Undefined when it is what it was. */
  async #fetchIfChanged(
    key: string,
    address: string,
    remote: RemoteFiles,
    known: Validators,
  ): Promise<CachedFile | undefined> {
    try {
      const entry = await this.#cache.write(key, async (file) => {
        const result = await download(address, remote, known, file, this.#signal);
        if (result.status === 'not-modified') return undefined;
        return { facts: result.validators, content: { extension: 'download', sha256: result.sha256 } };
      });
      return entry?.content;
    } catch (error) {
      this.#signal.throwIfAborted();
      if (error instanceof UnusableFile) throw error;
      throw new UnusableFile(`cannot be kept in the cache (${messageOf(error)})`);
    }
  }

  #measure({ file }: CachedFile): Promise<MeasuredFile> {
    return this.#measurer.measure(path.dirname(file), path.basename(file));
  }
}
