/** One request to Cloudinary's APIs. HTTP Basic: no signature that could grow stale in a queue. */
import type { CloudinaryAccount } from '../../model/cloudinary-account.ts';
import { askPatiently, type StoreWords } from '../ask-patiently.ts';
import { StoreError } from '../asset-store.ts';
import type { RequestBody } from '../streamed-body.ts';
import { connectionError, toStoreError } from './errors.ts';

export const CREDENTIALS =
  'CLOUDINARY_CLOUD_NAME, CLOUDINARY_API_KEY and CLOUDINARY_API_SECRET (or CLOUDINARY_URL)';
/** Longest wait for one answer, uploads excepted, in ms. */
const CALL_MS = 30_000;

/** The JSON of an answer, and its headers. */
export interface Answer<T> {
  readonly body: T;
  readonly headers: Headers;
}

interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly duplex?: 'half';
  readonly timeoutMs?: number;
}

/** @throws StoreError; the signal's reason after an abort */
export async function call<T>(
  account: CloudinaryAccount,
  path: string,
  { timeoutMs = CALL_MS, headers = {}, ...init }: CallOptions,
  signal: AbortSignal,
): Promise<Answer<T>> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let response: Response;
  try {
    response = await fetch(`${account.apiBase}/v1_1/${encodeURIComponent(account.cloudName)}${path}`, {
      ...init,
      headers: { ...headers, authorization: authorization(account) },
      signal: either,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw connectionError(error);
  }
  if (!response.ok) throw await toStoreError(response);
  try {
    return { body: (await response.json()) as T, headers: response.headers };
  } catch (error) {
    signal.throwIfAborted();
    // Cut off or not JSON: what it did will show when it is sent again.
    throw new StoreError('an answer that cannot be read', { kind: 'passing', cause: error });
  }
}

/** A call of the Admin API that changes nothing, asked again while the error may pass. @throws STORE_AUTH, STORE_QUOTA, ASSETS_FAILED */
export function adminCall<T>(
  account: CloudinaryAccount,
  path: string,
  signal: AbortSignal,
): Promise<Answer<T>> {
  return askPatiently(() => call<T>(account, path, {}, signal), wordsFor(account), signal);
}

function authorization({ apiKey, apiSecret }: CloudinaryAccount): string {
  return `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
}

function wordsFor({ cloudName, apiBase }: CloudinaryAccount): StoreWords {
  return {
    service: 'Cloudinary',
    account: `the cloud "${cloudName}"`,
    place: new URL(apiBase).host,
    credentials: CREDENTIALS,
  };
}
