import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AssetStore } from '../../assets/asset-store.ts';
import { withEtag } from '../../assets/etag.ts';
import { measureFile } from '../../assets/measure-file.ts';
import { publicIdOf } from '../../assets/public-id.ts';
import type { Asset } from '../../model/asset.ts';
import { randomPicture } from '../../util/random-picture.ts';
import type { ScratchFolder } from '../../util/scratch-folder.ts';

/**
 * Writes a picture that exists nowhere else, and measures it as a push does.
 * @param name what rows call the file
 */
export async function newAsset(
  store: AssetStore,
  scratch: ScratchFolder,
  { name = 'picture.png', width = 8, height = 8 }: { name?: string; width?: number; height?: number } = {},
): Promise<Asset> {
  const file = scratch.file('picture.png');
  await writeFile(file, randomPicture({ width, height }));
  const measured = await measureFile(path.dirname(file), path.basename(file));
  const publicId = publicIdOf(store.prefix, name, measured.hash);
  return withEtag({ ...measured, path: name, publicId }, new AbortController().signal);
}
