import type { Asset } from '../../model/asset.ts';
import type { CloudinaryAccount } from '../../model/cloudinary-account.ts';
import { StoreError } from '../asset-store.ts';
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
}

/** @throws StoreError */
export async function put(
  account: CloudinaryAccount,
  asset: Asset,
  signal: AbortSignal,
): Promise<'stored' | 'already-there'> {
  const form = multipart({ public_id: asset.publicId, overwrite: 'false' }, asset, signal);
  const body = await upload(account, form, signal);
  const problem = differenceOf(asset, body);
  if (problem !== undefined) {
    // What was there before is not ours to remove. What came just now no row refers to, and it would stand in the way.
    const isNew = !body.existing && !body.overwritten;
    if (isNew && body.public_id !== undefined) await destroy(account, body.public_id, signal);
    throw new StoreError(problem, { kind: 'permanent' });
  }
  return body.existing === true ? 'already-there' : 'stored';
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

/** The store's answer describes what it holds. It must be our bytes, under our name. */
function differenceOf(asset: Asset, answer: UploadAnswer): string | undefined {
  if (answer.public_id !== asset.publicId) return `was stored under another public ID, "${answer.public_id}"`;
  if (answer.bytes === asset.sizeBytes && answer.etag === asset.etag) return undefined;
  return answer.existing
    ? `other bytes are already stored under its public ID "${asset.publicId}"`
    : 'was changed on arrival; an upload preset or account default transforms uploads';
}
