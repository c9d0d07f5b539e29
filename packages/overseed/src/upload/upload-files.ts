/** Uploads files outside a push: the same measuring, retrying and proving. */
import { AssetFiles } from '../assets/asset-files.ts';
import type { AssetStore } from '../assets/asset-store.ts';
import { withEtags } from '../assets/etag.ts';
import { publicIdOf } from '../assets/public-id.ts';
import { UnusableFile } from '../assets/unusable-file.ts';
import type { Asset, MeasuredAsset } from '../model/asset.ts';
import { OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import { uploadAssets } from './upload-assets.ts';

export interface UploadedFile {
  /** As given. */
  readonly path: string;
  readonly url: string;
  readonly publicId: string;
}

/**
 * Stores every file and returns where each one answers, in the given order. Idempotent. All, or an error that lists
 * every file that failed.
 * @param paths relative to `root`
 * @throws ASSET_INVALID for files that are missing, empty or not images; ASSETS_FAILED, STORE_AUTH
 */
export async function uploadFiles(
  paths: readonly string[],
  root: string,
  store: AssetStore,
  run: Run,
): Promise<UploadedFile[]> {
  const assets: MeasuredAsset[] = [];
  const unusable: string[] = [];
  // The rules for files of rows that say nothing more: no drawings, nothing from the web.
  const declaration = { root, cache: root, path: '', url: '' };
  using files = new AssetFiles(run.signal);
  for (const path of paths) {
    try {
      const measured = await files.prepare(declaration, path, true);
      assets.push({ ...measured, path, publicId: publicIdOf(store.prefix, path, measured.hash) });
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      unusable.push(`  ${path}: ${error.message}`);
    }
  }
  if (unusable.length > 0) {
    throw new OverseedError('ASSET_INVALID', {
      what: `${unusable.length} of ${paths.length} files cannot be uploaded:\n${unusable.join('\n')}`,
      state: 'not-contacted',
      next: 'No file was uploaded. Correct them, then run this again.',
    });
  }
  const measured = [...new Map(assets.map((asset) => [asset.hash, asset])).values()];
  const distinct = await withEtags(measured, run.signal);
  await store.prepare(distinct, run.signal);
  await uploadAssets(distinct, store, run);
  // Equal files share one place: the one of the first of them.
  const placed = new Map(distinct.map((asset) => [asset.hash, asset]));
  return assets.map(({ path, hash }) => {
    const asset = placed.get(hash) as Asset;
    return { path, url: store.urlOf(asset), publicId: asset.publicId };
  });
}
