/** What the account's plan allows and has used. Also the check of the credentials. */
import type { Asset } from '../../model/asset.ts';
import type { CloudinaryAccount } from '../../model/cloudinary-account.ts';
import { OverseedError } from '../../model/error.ts';
import type { Quota, StoreLimits, StoreUsage } from '../asset-store.ts';
import { adminCall } from './call.ts';

interface Counted {
  readonly usage?: number;
  readonly limit?: number;
}

interface UsageAnswer {
  readonly transformations?: Counted;
  readonly objects?: Counted;
  readonly bandwidth?: Counted;
  readonly storage?: Counted;
  readonly credits?: Counted;
  readonly media_limits?: {
    readonly image_max_size_bytes?: number;
    readonly video_max_size_bytes?: number;
    readonly raw_max_size_bytes?: number;
    readonly image_max_px?: number;
  };
}

const NO_LIMITS: StoreLimits = {
  imageBytes: undefined,
  imagePixels: undefined,
  videoBytes: undefined,
  otherBytes: undefined,
};

/** 1 credit is 1000 transformations, 1 GB of storage or 1 GB of bandwidth. */
const CREDITS_A_TRANSFORMATION = 1 / 1_000;
const CREDITS_A_BYTE = 1 / 1_000_000_000;

/** @throws STORE_AUTH, STORE_QUOTA, ASSETS_FAILED */
export async function usage(account: CloudinaryAccount, signal: AbortSignal): Promise<StoreUsage> {
  const { body, headers } = await adminCall<UsageAnswer>(account, '/usage', signal);
  const limits = body.media_limits ?? {};
  const quotas: (Quota | undefined)[] = [
    // Every upload counts as a transformation.
    counted('credits', body.credits, { perUpload: CREDITS_A_TRANSFORMATION, perByte: CREDITS_A_BYTE }),
    counted('transformations', body.transformations, { perUpload: 1 }),
    counted('objects', body.objects, { perUpload: 1 }),
    counted('storage', body.storage, { unit: 'bytes', perByte: 1 }),
    counted('bandwidth', body.bandwidth, { unit: 'bytes' }),
    adminCalls(headers),
  ];
  return {
    limits: {
      imageBytes: limits.image_max_size_bytes,
      imagePixels: limits.image_max_px,
      videoBytes: limits.video_max_size_bytes,
      otherBytes: limits.raw_max_size_bytes,
    },
    quotas: quotas.filter((quota) => quota !== undefined),
  };
}

function counted(
  name: string,
  count: Counted | undefined,
  costs: Partial<Pick<Quota, 'unit' | 'perUpload' | 'perByte'>>,
): Quota | undefined {
  if (typeof count?.usage !== 'number') return undefined;
  const { unit = 'count', perUpload = 0, perByte = 0 } = costs;
  return { name, unit, used: count.usage, limit: count.limit, resetsAt: undefined, perUpload, perByte };
}

/** Uploads are not among them; questions and bulk removals are. */
function adminCalls(headers: Headers): Quota | undefined {
  const limit = Number(headers.get('x-featureratelimit-limit') ?? Number.NaN);
  const remaining = Number(headers.get('x-featureratelimit-remaining') ?? Number.NaN);
  if (Number.isNaN(limit) || Number.isNaN(remaining)) return undefined;
  const resetsAt = new Date(headers.get('x-featureratelimit-reset') ?? Number.NaN);
  return {
    name: 'Admin calls this hour',
    unit: 'count',
    used: limit - remaining,
    limit,
    resetsAt: Number.isNaN(resetsAt.getTime()) ? undefined : resetsAt,
    perUpload: 0,
    perByte: 0,
  };
}

/** @throws STORE_AUTH, ASSET_INVALID, ASSETS_FAILED */
export async function prepare(
  account: CloudinaryAccount,
  assets: readonly Asset[],
  signal: AbortSignal,
): Promise<void> {
  const limits = await readLimits(account, signal);
  const { imageBytes = Infinity, imagePixels = Infinity } = limits;
  const tooLarge = assets.filter(
    ({ sizeBytes, width, height }) => sizeBytes > imageBytes || width * height > imagePixels,
  );
  if (tooLarge.length > 0) throw aboveLimits(account, tooLarge, limits);
}

async function readLimits(account: CloudinaryAccount, signal: AbortSignal): Promise<StoreLimits> {
  try {
    return (await usage(account, signal)).limits;
  } catch (error) {
    // The Admin quota may be used up for the hour, and uploads do not count against it: they may go on.
    if (error instanceof OverseedError && error.code === 'STORE_QUOTA') return NO_LIMITS;
    throw error;
  }
}

function aboveLimits(
  account: CloudinaryAccount,
  assets: readonly Asset[],
  { imageBytes, imagePixels }: StoreLimits,
): OverseedError {
  const lines = assets
    .slice(0, 20)
    .map(({ path, sizeBytes, width, height }) => `  ${path}: ${sizeBytes} bytes, ${width}×${height} px`);
  return new OverseedError('ASSET_INVALID', {
    what: `${assets.length} files are above the limits of the cloud "${account.cloudName}" (${imageBytes} bytes, ${imagePixels} px):\n${lines.join('\n')}`,
    state: 'old',
    next: 'No file was uploaded. Make them smaller, then run this again.',
  });
}
