import type { Asset } from '../../model/asset.ts';
import type { CloudinaryAccount } from '../../model/cloudinary-account.ts';
import { type Arrival, type PutResult, StoreError } from '../asset-store.ts';
import type { StreamedBody } from '../streamed-body.ts';
import { call } from './call.ts';
import { destroy } from './destroy.ts';
import { multipart } from './multipart.ts';

/** Longest wait for one upload, in ms: 100 MB over a line that many uploads share. Who uploads many gives up sooner. */
const UPLOAD_MS = 600_000;

interface UploadAnswer {
  readonly etag?: string;
  readonly bytes?: number;
  readonly public_id?: string;
  readonly existing?: boolean;
  readonly overwritten?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly format?: string;
}

/** @throws StoreError */
export async function put(
  account: CloudinaryAccount,
  asset: Asset,
  signal: AbortSignal,
): Promise<PutResult | Arrival> {
  const { transformation, format } = asset.incoming ?? {};
  const fields = {
    public_id: asset.publicId,
    overwrite: 'false',
    ...(transformation === undefined ? {} : { transformation }),
    ...(format === undefined ? {} : { format }),
  };
  const form = multipart(fields, asset, signal);
  const body = await upload(account, form, signal);
  const problem = asset.incoming ? differenceFromWish(asset, body) : differenceOf(asset, body);
  if (problem !== undefined) {
    // What was there before is not ours to remove. What came just now no row refers to, and it would stand in the way.
    const isNew = !body.existing && !body.overwritten;
    if (isNew && body.public_id !== undefined) await destroy(account, body.public_id, signal);
    throw new StoreError(problem, { kind: 'permanent' });
  }
  const result = body.existing === true ? 'already-there' : 'stored';
  return asset.incoming ? { result, ...factsIn(body) } : result;
}

async function upload(
  account: CloudinaryAccount,
  form: StreamedBody,
  signal: AbortSignal,
): Promise<UploadAnswer> {
  try {
    const request = { method: 'POST', ...form.request, timeoutMs: UPLOAD_MS };
    return (await call<UploadAnswer>(account, '/image/upload', request, signal)).body;
  } catch (error) {
    // Of a request whose body failed, fetch says no more than that.
    throw form.failure() ?? error;
  }
}

/** Of a file that the store was told to transform, its own word is all that there is to go by. */
function differenceFromWish({ publicId, format, incoming }: Asset, answer: UploadAnswer): string | undefined {
  if (answer.public_id !== publicId) return `was stored under another public ID, "${answer.public_id}"`;
  if (incoming?.format === undefined || answer.format === format) return undefined;
  return `became ${answer.format} instead of ${format}`;
}

/** @throws StoreError when the answer leaves out what is to be remembered */
function factsIn({ etag, bytes, width, height }: UploadAnswer): Omit<Arrival, 'result'> {
  if (!etag || !bytes || !width || !height)
    throw new StoreError('an answer that does not say what was stored', { kind: 'passing' });
  return { etag, sizeBytes: bytes, width, height };
}

/** The store's answer describes what it holds. It must be our bytes, under our name. */
function differenceOf(asset: Asset, answer: UploadAnswer): string | undefined {
  if (answer.public_id !== asset.publicId) return `was stored under another public ID, "${answer.public_id}"`;
  if (answer.bytes === asset.sizeBytes && answer.etag === asset.etag) return undefined;
  return answer.existing
    ? `other bytes are already stored under its public ID "${asset.publicId}"`
    : 'was changed on arrival; an upload preset or account default transforms uploads';
}
