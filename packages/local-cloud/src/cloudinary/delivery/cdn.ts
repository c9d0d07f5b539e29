/**
 * The CDN in front of delivery: once a URL was served, it keeps being served, whatever happens to the asset, until it is
 * invalidated. As with Cloudinary, a URL without a version whose public ID has a slash is not reached by invalidation.
 */
import type { Reply } from '../reply.ts';

interface Copy {
  readonly reply: Reply;
  readonly assetKey: string;
  readonly canBeInvalidated: boolean;
}

export class Cdn {
  readonly enabled: boolean;
  readonly #copies = new Map<string, Copy>();

  constructor({ enabled }: { enabled: boolean }) {
    this.enabled = enabled;
  }

  find(url: string): Reply | undefined {
    return this.#copies.get(url)?.reply;
  }

  keep(url: string, copy: Copy): void {
    if (this.enabled) this.#copies.set(url, copy);
  }

  invalidate(assetKey: string): void {
    for (const [url, copy] of this.#copies) {
      if (copy.assetKey === assetKey && copy.canBeInvalidated) this.#copies.delete(url);
    }
  }
}
