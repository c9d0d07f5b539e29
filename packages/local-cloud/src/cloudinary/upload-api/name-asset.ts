/** Which name an upload gets: from public_id, from the file's own name, or at random; and which folder. */
import { randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import type { Asset, ResourceType } from '../asset.ts';
import type { Parameters } from '../call.ts';
import { toPublicId } from '../public-id.ts';

type AssetName = Pick<Asset, 'publicId' | 'assetFolder' | 'displayName' | 'originalFilename'>;

export function nameAsset(
  parameters: Parameters,
  filename: string,
  resourceType: ResourceType,
  folderMode: 'dynamic' | 'fixed',
): AssetName {
  const extension = extname(filename);
  const stem = filename.slice(0, filename.length - extension.length);
  const base =
    parameters.one('public_id') ?? chooseName(parameters, stem, resourceType === 'raw' ? extension : '');
  const folder = parameters.one('folder');
  const prefix = folderMode === 'fixed' ? folder : prefixInDynamicMode(parameters);
  const publicId = toPublicId(prefix === undefined ? base : `${prefix.replace(/\/+$/, '')}/${base}`);
  return {
    publicId,
    assetFolder: folderMode === 'dynamic' ? (parameters.one('asset_folder') ?? folder ?? '') : '',
    displayName: parameters.one('display_name') ?? publicId.split('/').at(-1) ?? publicId,
    originalFilename: parameters.flag('discard_original_filename') ? '' : stem,
  };
}

function prefixInDynamicMode(parameters: Parameters): string | undefined {
  if (parameters.one('public_id_prefix') !== undefined) return parameters.one('public_id_prefix');
  if (parameters.flag('use_asset_folder_as_public_id_prefix')) return parameters.one('asset_folder');
  return parameters.one('folder');
}

function chooseName(parameters: Parameters, stem: string, extension: string): string {
  const random = (length: number) =>
    BigInt(`0x${randomBytes(20).toString('hex')}`)
      .toString(36)
      .slice(-length);
  if (!parameters.flag('use_filename')) return random(20) + extension;
  const safe = stem.replace(/[?&#\\%<>+]/g, '_');
  return (parameters.flag('unique_filename') ?? true) ? `${safe}_${random(6)}${extension}` : safe + extension;
}
