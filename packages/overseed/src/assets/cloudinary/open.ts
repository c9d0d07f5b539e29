/** Cloudinary as an asset store. */
import type { Asset } from '../../model/asset.ts';
import type { CloudinaryAccount } from '../../model/cloudinary-account.ts';
import { messageOf, OverseedError } from '../../model/error.ts';
import { chunksOf } from '../../util/chunks.ts';
import { backoffMs, wait } from '../../util/wait.ts';
import { type ArrivedFacts, type AssetStore, type PutResult, StoreError } from '../asset-store.ts';
import { openUnchanged } from '../open-unchanged.ts';
import { apiUrl, authorization } from './account.ts';
import { connectionError, toStoreError } from './errors.ts';
import { incomingTransformation } from './incoming.ts';

/** Longest wait for one upload, in ms: 100 MB at 1 MB/s, with room. */
const UPLOAD_MS = 150_000;
const CALL_MS = 30_000;
/** Public IDs that one Admin call may name. */
const IDS_A_CALL = 100;
/** Cloudinary allows 10 at once on ordinary plans, up to 30 for its own command line. */
const MAX_CONCURRENCY = 24;

interface UploadAnswer {
  readonly etag?: string;
  readonly bytes?: number;
  readonly public_id?: string;
  readonly existing?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly format?: string;
}

interface ResourcesAnswer {
  readonly resources?: readonly { readonly public_id: string; readonly bytes: number }[];
}

interface UsageAnswer {
  readonly media_limits?: { readonly image_max_size_bytes?: number; readonly image_max_px?: number };
}

/** @param prefix put in front of every public ID, for example `real-estate` */
export function openCloudinaryStore(account: CloudinaryAccount, prefix: string): AssetStore {
  const headers = { authorization: authorization(account) };
  return {
    name: `cloudinary:${account.cloudName}`,
    label: `Cloudinary (${account.cloudName})`,
    prefix,
    maxConcurrency: MAX_CONCURRENCY,
    lookingCosts: true,

    urlOf({ publicId, format }) {
      const path = publicId.split('/').map(encodeURIComponent).join('/');
      // The version is always 1: other content would have another public ID.
      return `${account.deliveryBase}/${encodeURIComponent(account.cloudName)}/image/upload/v1/${path}.${format}`;
    },

    incoming: incomingTransformation,

    async findLost(known, signal) {
      const lost: Asset[] = [];
      for (const group of chunksOf(known, IDS_A_CALL)) {
        const ids = group.map(({ publicId }) => `public_ids[]=${encodeURIComponent(publicId)}`).join('&');
        const url = apiUrl(account, `/resources/image/upload?${ids}&max_results=${IDS_A_CALL}`);
        const answer = await adminCall<ResourcesAnswer>(account, url, headers, signal);
        const sizes = new Map((answer.resources ?? []).map(({ public_id, bytes }) => [public_id, bytes]));
        lost.push(...group.filter((asset) => sizes.get(asset.publicId) !== asset.sizeBytes));
      }
      return lost;
    },

    async prepare(assets, signal) {
      const limits = (await readUsage(account, headers, signal)).media_limits ?? {};
      const tooLarge = assets.filter(
        ({ sizeBytes, width, height }) =>
          sizeBytes > (limits.image_max_size_bytes ?? Infinity) ||
          width * height > (limits.image_max_px ?? Infinity),
      );
      if (tooLarge.length > 0) throw aboveLimits(account, tooLarge, limits);
    },

    async put(asset, signal) {
      const form = new FormData();
      form.set('public_id', asset.publicId);
      form.set('overwrite', 'false');
      if (asset.incoming) form.set('transformation', asset.incoming.transformation);
      if (asset.incoming?.format) form.set('format', asset.incoming.format);
      form.set('file', await openUnchanged(asset), `${asset.hash}.${asset.format}`);
      const answer = await call<UploadAnswer>(
        apiUrl(account, '/image/upload'),
        { method: 'POST', headers, body: form },
        AbortSignal.any([signal, AbortSignal.timeout(UPLOAD_MS)]),
      );
      const result: PutResult = answer.existing === true ? 'already-there' : 'stored';
      if (asset.incoming) return { result, ...arrived(asset, answer) };
      prove(asset, answer);
      return result;
    },

    async check(asset, signal) {
      const either = AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]);
      let response: Response;
      try {
        response = await fetch(this.urlOf(asset), { method: 'HEAD', signal: either });
      } catch (error) {
        return `no answer (${messageOf(error)})`;
      }
      if (!response.ok) return response.headers.get('x-cld-error') ?? `HTTP ${response.status}`;
      const bytes = response.headers.get('content-length');
      if (bytes !== null && Number(bytes) !== asset.sizeBytes)
        return `has ${bytes} bytes instead of ${asset.sizeBytes}`;
      return undefined;
    },

    async remove({ publicId }, signal) {
      const form = new FormData();
      form.set('public_id', publicId);
      form.set('invalidate', 'true');
      await call<unknown>(
        apiUrl(account, '/image/destroy'),
        { method: 'POST', headers, body: form },
        AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]),
      );
    },
  };
}

async function call<T>(url: string, init: RequestInit, signal: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal });
  } catch (error) {
    throw connectionError(error);
  }
  if (!response.ok) throw await toStoreError(response);
  try {
    return (await response.json()) as T;
  } catch (error) {
    // Cut off or not JSON: whether it was stored will show when it is sent again.
    throw new StoreError('an answer that cannot be read', { kind: 'passing', cause: error });
  }
}

/** The store's answer describes what it holds. It must be our bytes, under our name. */
function prove(asset: Asset, answer: UploadAnswer): void {
  const problem =
    answer.public_id !== asset.publicId
      ? `was stored under another public ID, "${answer.public_id}"`
      : answer.bytes !== asset.sizeBytes || answer.etag !== asset.etag
        ? answer.existing
          ? `other bytes are already stored under its public ID "${asset.publicId}"`
          : 'was changed on arrival; an upload preset or account default transforms uploads'
        : undefined;
  if (problem) throw new StoreError(problem, { kind: 'permanent' });
}

/** What the store made of a file that it was told to transform: its own word is all that there is to go by. */
function arrived(
  asset: Asset,
  { public_id, etag, bytes, width, height, format }: UploadAnswer,
): ArrivedFacts {
  if (public_id !== asset.publicId)
    throw new StoreError(`was stored under another public ID, "${public_id}"`, { kind: 'permanent' });
  if (asset.incoming?.format !== undefined && format !== asset.format)
    throw new StoreError(`became ${format} instead of ${asset.format}`, { kind: 'permanent' });
  if (!etag || !bytes || !width || !height)
    throw new StoreError('an answer that does not say what was stored', { kind: 'passing' });
  return { etag, sizeBytes: bytes, width, height };
}

/** Also the check of the credentials. */
async function readUsage(
  account: CloudinaryAccount,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<UsageAnswer> {
  try {
    return await adminCall<UsageAnswer>(account, apiUrl(account, '/usage'), headers, signal);
  } catch (error) {
    // The Admin quota may be used up for the hour, and uploads do not count against it: they may go on.
    if (error instanceof StoreError && error.throttled) return {};
    throw error;
  }
}

/** @throws STORE_AUTH, ASSETS_FAILED; StoreError when the quota of Admin calls is used up */
async function adminCall<T>(
  account: CloudinaryAccount,
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call<T>(url, { headers }, AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StoreError) || error.throttled) throw error;
      if (error.kind === 'credentials') throw refusedCredentials(account, error);
      if (error.kind === 'permanent' || attempt === 4) throw unreachable(account, error);
      await wait(backoffMs(attempt, { baseMs: 400, maxMs: 4_000 }), signal);
    }
  }
}

function refusedCredentials(account: CloudinaryAccount, cause: StoreError): OverseedError {
  return new OverseedError('STORE_AUTH', {
    what: `Cloudinary refused the credentials for the cloud "${account.cloudName}": ${cause.message}.`,
    state: 'old',
    next: 'Check CLOUDINARY_CLOUD_NAME, CLOUDINARY_API_KEY and CLOUDINARY_API_SECRET (or CLOUDINARY_URL).',
    cause,
  });
}

function unreachable(account: CloudinaryAccount, cause: StoreError): OverseedError {
  return new OverseedError('ASSETS_FAILED', {
    what: `Cloudinary could not be used (${new URL(account.apiBase).host}): ${cause.message}.`,
    state: 'old',
    next: 'No file was uploaded. Wait for the store or check the network, then run this again.',
    cause,
  });
}

function aboveLimits(
  account: CloudinaryAccount,
  assets: readonly Asset[],
  limits: NonNullable<UsageAnswer['media_limits']>,
): OverseedError {
  const lines = assets
    .slice(0, 20)
    .map(({ path, sizeBytes, width, height }) => `  ${path}: ${sizeBytes} bytes, ${width}×${height} px`);
  return new OverseedError('ASSET_INVALID', {
    what: `${assets.length} files are above the limits of the cloud "${account.cloudName}" (${limits.image_max_size_bytes} bytes, ${limits.image_max_px} px):\n${lines.join('\n')}`,
    state: 'old',
    next: 'No file was uploaded. Make them smaller, then run this again.',
  });
}
