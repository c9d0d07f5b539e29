import path from 'node:path';
import { startRun } from '../model/run.ts';
import { type UploadedFile, uploadFiles as upload } from '../upload/upload-files.ts';
import { openAssetStore, readEnvironment } from '../wire.ts';

export type { UploadedFile };

/**
 * Uploads files to Cloudinary outside a seed, and says where each one answers, in the given order.
 * @param paths relative to `from`, which is relative to the site
 * @throws OverseedError that lists every file that failed
 */
export async function uploadFiles(
  paths: readonly string[],
  {
    from,
    prefix,
    signal = new AbortController().signal,
  }: { from: string; prefix: string; signal?: AbortSignal },
): Promise<UploadedFile[]> {
  const root = path.resolve('.');
  const choice = { kind: 'cloudinary', prefix, publicFolder: 'public/media', baseUrl: '/media' } as const;
  const store = openAssetStore(choice, root, readEnvironment(root));
  return upload(paths, path.resolve(root, from), store, startRun({ signal, emit: () => undefined }));
}
