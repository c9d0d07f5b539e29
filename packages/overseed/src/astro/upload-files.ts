import path from 'node:path';
import type { S3Options } from '../config/s3.ts';
import { startRun } from '../model/run.ts';
import { type UploadedFile, uploadFiles as upload } from '../upload/upload-files.ts';
import { openAssetStore, readEnvironment } from '../wire.ts';

export type { UploadedFile };

/**
 * Uploads files to Cloudinary, or to an S3 bucket, outside a seed, and says where each one answers, in the given order.
 * @param paths relative to `from`, which is relative to the site
 * @throws OverseedError that lists every file that failed
 */
export async function uploadFiles(
  paths: readonly string[],
  {
    from,
    prefix,
    s3,
    signal = new AbortController().signal,
  }: {
    from: string;
    prefix: string /** The bucket, instead of Cloudinary. */;
    s3?: S3Options;
    signal?: AbortSignal;
  },
): Promise<UploadedFile[]> {
  const root = path.resolve('.');
  const folder = { publicFolder: 'public/media', baseUrl: '/media' };
  const choice = s3 === undefined ? ({ kind: 'cloudinary' } as const) : ({ kind: 's3', s3 } as const);
  const store = openAssetStore({ ...folder, ...choice, prefix }, root, readEnvironment(root));
  return upload(paths, path.resolve(root, from), store, startRun({ signal, emit: () => undefined }));
}
