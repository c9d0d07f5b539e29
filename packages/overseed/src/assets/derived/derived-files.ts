/**
 * Files that are made of others: optimised pictures, sanitised drawings. Each is made once and kept. The source is hashed
 * each time, which is cheap and never wrong; what was made of these very bytes in this very way is found by that hash.
 */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { messageOf } from '../../model/error.ts';
import { Slots } from '../../util/slots.ts';
import type { MeasuredFile } from '../measure-file.ts';
import type { Measurer } from '../measurer.ts';
import { readMeasured } from '../read-measured.ts';
import { UnusableFile } from '../unusable-file.ts';
import { type CachedFile, FileCache } from './file-cache.ts';

export interface Made {
  readonly bytes: Uint8Array;
  readonly extension: string;
}

/** How something is made: a name with a version, and whatever else the result depends on. */
export type Recipe = readonly [name: string, ...parameters: unknown[]];

export class DerivedFiles {
  readonly #cache: FileCache<Record<string, never>>;
  readonly #measurer: Measurer;
  /** Pictures are decoded whole: few at a time. */
  readonly #slots = new Slots(availableParallelism());
  readonly #underWay = new Map<string, Promise<MeasuredFile>>();

  constructor(folder: string, measurer: Measurer) {
    this.#cache = new FileCache(folder);
    this.#measurer = measurer;
  }

  /**
   * @param make undefined when the source is best as it is
   * @throws UnusableFile
   */
  derive(
    recipe: Recipe,
    source: MeasuredFile,
    make: (bytes: Buffer) => Promise<Made | undefined>,
  ): Promise<MeasuredFile> {
    const key = createHash('sha256')
      .update(JSON.stringify([recipe, source.hash]))
      .digest('hex');
    // Equal files may come by several paths at once.
    const running = this.#underWay.get(key) ?? this.#derive(key, source, make);
    this.#underWay.set(key, running);
    return running.finally(() => this.#underWay.delete(key));
  }

  async #derive(
    key: string,
    source: MeasuredFile,
    make: (bytes: Buffer) => Promise<Made | undefined>,
  ): Promise<MeasuredFile> {
    const entry = await this.#cache.read(key);
    if (entry && !entry.content) return source;
    const kept = entry?.content && (await this.#measureKept(entry.content));
    if (kept) return kept;
    return this.#slots.run(async () => {
      const made = await make(await readMeasured(source));
      const written = await this.#keep(key, made);
      return written ? this.#measure(written) : source;
    });
  }

  /** Undefined when it was damaged or removed: then it is made again. */
  async #measureKept(content: CachedFile): Promise<MeasuredFile | undefined> {
    try {
      const measured = await this.#measure(content);
      return measured.hash === content.sha256 ? measured : undefined;
    } catch (error) {
      if (error instanceof UnusableFile) return undefined;
      throw error;
    }
  }

  #measure({ file }: CachedFile): Promise<MeasuredFile> {
    return this.#measurer.measure(path.dirname(file), path.basename(file));
  }

  async #keep(key: string, made: Made | undefined): Promise<CachedFile | undefined> {
    try {
      const entry = await this.#cache.write(key, async (file) => {
        if (!made) return { facts: {} };
        await writeFile(file, made.bytes, { mode: 0o600 });
        const sha256 = createHash('sha256').update(made.bytes).digest('hex');
        return { facts: {}, content: { extension: made.extension, sha256 } };
      });
      return entry?.content;
    } catch (error) {
      throw new UnusableFile(`cannot be kept in the cache (${messageOf(error)})`);
    }
  }
}
