/** What Cloudinary's answers mean: which may pass by themselves, which never will. */
import { messageOf } from '../../model/error.ts';
import { StoreError } from '../asset-store.ts';

/** Statuses after which the same request may succeed (420 and 429: too much asked; 423: still processing). */
const PASSING = new Set([408, 420, 423, 425, 429, 499]);

export async function toStoreError(response: Response): Promise<StoreError> {
  const message = await messageIn(response);
  const { status } = response;
  if (status === 401 || status === 403) return new StoreError(message, { kind: 'credentials' });
  // 420 also says that an add-on is not subscribed to, which no waiting will change.
  const passing = status >= 500 || (PASSING.has(status) && !/subscription/i.test(message));
  const throttled = status === 420 || status === 429;
  return new StoreError(message, {
    kind: passing ? 'passing' : 'permanent',
    throttled,
    retryAfterMs: passing ? retryAfterMs(response.headers, message, throttled) : undefined,
  });
}

/** A request that got no answer, or half of one. */
export function connectionError(error: unknown): StoreError {
  return new StoreError(`no answer (${messageOf(error)})`, { kind: 'passing', cause: error });
}

async function messageIn(response: Response): Promise<string> {
  const text = await response.text().catch(() => ''); // A body that breaks off: the status still says enough.
  try {
    const body = JSON.parse(text) as { error?: { message?: unknown } };
    if (typeof body.error?.message === 'string') return body.error.message;
  } catch {
    // A proxy's HTML page or an empty body.
  }
  return response.headers.get('x-cld-error') ?? `HTTP ${response.status}`;
}

/**
 * From `Retry-After` or the time named in the message. The Admin API tells on every answer when its hour is over; that
 * only matters when the hour's calls are used up.
 */
function retryAfterMs(headers: Headers, message: string, throttled: boolean): number | undefined {
  const after = headers.get('retry-after');
  if (after !== null && /^\d+$/.test(after)) return Number(after) * 1_000;
  const named = /Try again on (\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) UTC/.exec(message);
  const reset = throttled ? headers.get('x-featureratelimit-reset') : null;
  const until = named ? `${named[1]}T${named[2]}Z` : (after ?? reset);
  const time = until === null ? Number.NaN : Date.parse(until);
  // The store's own clock says how long that is: ours may be wrong.
  const now = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(time) ? undefined : Math.max(0, time - (Number.isNaN(now) ? Date.now() : now));
}
