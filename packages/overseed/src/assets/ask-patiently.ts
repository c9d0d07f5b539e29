/** Questions to a store, asked again while the error may pass. */
import { OverseedError } from '../model/error.ts';
import { backoffMs, wait } from '../util/wait.ts';
import { StoreError } from './asset-store.ts';

/** A store that fails one call in five still answers, but for 1 in 400 000 times. */
const ATTEMPTS = 8;

/** How a store's failures read to people. */
export interface StoreWords {
  /** `Cloudinary`. */
  readonly service: string;
  /** What the credentials are for: `the cloud "demo"`. */
  readonly account: string;
  /** Where it was looked for, for example a host. */
  readonly place: string;
  /** See `AssetStore.credentials`. */
  readonly credentials: string;
}

/**
 * @param ask makes one attempt and throws StoreError
 * @throws STORE_AUTH, STORE_QUOTA, ASSETS_FAILED
 */
export async function askPatiently<T>(
  ask: () => Promise<T>,
  words: StoreWords,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StoreError)) throw error;
      const pauseMs = error.retryAfterMs ?? backoffMs(attempt, { baseMs: 400, maxMs: 4_000 });
      if (error.kind !== 'passing' || attempt === ATTEMPTS || pauseMs > LONGEST_PAUSE_MS) {
        throw toOverseedError(error, words);
      }
      await wait(pauseMs, signal);
    }
  }
}

/** A store that wants a longer pause has a quota by the hour: that is for the user to know. */
const LONGEST_PAUSE_MS = 10_000;

function toOverseedError(cause: StoreError, words: StoreWords): OverseedError {
  if (cause.kind === 'credentials') {
    return new OverseedError('STORE_AUTH', {
      what: `${words.service} refused the credentials for ${words.account}: ${cause.message}.`,
      state: 'old',
      next: `Check ${words.credentials}.`,
      cause,
    });
  }
  if (cause.throttled) {
    return new OverseedError('STORE_QUOTA', {
      what: `${words.service} answers no more questions for now: ${cause.message}.`,
      state: 'old',
      next: `Run this again ${cause.retryAfterMs === undefined ? 'later' : `in ${Math.ceil(cause.retryAfterMs / 60_000)} min`}.`,
      cause,
    });
  }
  return new OverseedError('ASSETS_FAILED', {
    what: `${words.service} could not be used (${words.place}): ${cause.message}.`,
    state: 'old',
    next: 'No file was uploaded. Wait for the store or check the network, then run this again.',
    cause,
  });
}
