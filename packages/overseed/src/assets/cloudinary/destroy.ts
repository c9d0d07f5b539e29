import type { CloudinaryAccount } from '../../model/cloudinary-account.ts';
import { StoreError } from '../asset-store.ts';
import { call } from './call.ts';

/** Removes one asset and its copies on the CDN; costs no Admin call. @throws StoreError */
export async function destroy(
  account: CloudinaryAccount,
  publicId: string,
  signal: AbortSignal,
): Promise<'ok' | 'not found'> {
  const body = new URLSearchParams({ public_id: publicId, invalidate: 'true' });
  const answer = await call<{ result?: string }>(account, '/image/destroy', { method: 'POST', body }, signal);
  const { result } = answer.body;
  if (result === 'ok' || result === 'not found') return result;
  throw new StoreError(`an unknown answer, "${result}"`, { kind: 'permanent' });
}
