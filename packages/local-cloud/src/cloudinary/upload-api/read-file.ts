/** The `file` of an upload: a multipart part, or a data URI in a field. */
import { Readable } from 'node:stream';
import { ApiError, notEmulated } from '../api-error.ts';
import type { AssetStore, Incoming } from '../asset-store.ts';
import type { Call } from '../call.ts';

export async function readFile(
  { file, parameters }: Call,
  assets: AssetStore,
): Promise<Incoming & { readonly name: string }> {
  if (file) return file;
  const text = parameters.one('file');
  if (text === undefined) throw new ApiError(400, 'Missing required parameter - file');
  if (/^(https?|ftp|s3|gs):\/\//i.test(text))
    throw notEmulated('uploads by URL: send the bytes or a data URI');
  const [, base64, payload] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(text) ?? [];
  if (payload === undefined) throw new ApiError(400, 'Unsupported source URL');
  const bytes = base64 ? Buffer.from(payload, 'base64') : Buffer.from(decodeURIComponent(payload));
  return { ...(await assets.receive(Readable.from([bytes]))), name: 'file' };
}
