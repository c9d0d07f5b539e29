/** An asset, and the three ways it is shown: after an upload, in a list, and in full. */
import { answerSignature } from './signature.ts';

export type ResourceType = 'image' | 'raw';

export interface Asset {
  /** 32 hex digits; survives overwrites and renames. */
  readonly assetId: string;
  readonly publicId: string;
  readonly resourceType: ResourceType;
  /** Unix seconds of the last change of its bytes. */
  readonly version: number;
  readonly versionId: string;
  /** Empty for raw files. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** MD5 of the stored bytes. */
  readonly etag: string;
  readonly createdAt: string;
  readonly tags: readonly string[];
  readonly context: Readonly<Record<string, string>>;
  readonly assetFolder: string;
  readonly displayName: string;
  readonly originalFilename: string;
  /** Name of the file that holds the bytes. */
  readonly object: string;
}

/** What the emulator's owner sees of an asset. */
export interface AssetView {
  readonly public_id: string;
  readonly resource_type: ResourceType;
  readonly format: string;
  readonly version: number;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly etag: string;
  readonly tags: readonly string[];
  readonly url: string;
}

/** How assets of one emulator are presented. */
export interface Presentation {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly folderMode: 'dynamic' | 'fixed';
  /** Origin of delivery URLs, without a trailing slash. */
  readonly origin: string;
}

export function urlOf(asset: Asset, { origin, cloudName }: Presentation): string {
  const name = asset.publicId.split('/').map(encodeURIComponent).join('/');
  const extension = asset.format === '' ? '' : `.${asset.format}`;
  return `${origin}/${cloudName}/${asset.resourceType}/upload/v${asset.version}/${name}${extension}`;
}

const contextOf = ({ context }: Asset) =>
  Object.keys(context).length > 0 ? { context: { custom: context } } : {};

const sizeOf = ({ resourceType, width, height, format }: Asset) =>
  resourceType === 'image' ? { width, height, format } : {};

const placeOf = (asset: Asset, { folderMode }: Presentation) =>
  folderMode === 'dynamic'
    ? { asset_folder: asset.assetFolder, display_name: asset.displayName }
    : { folder: asset.publicId.split('/').slice(0, -1).join('/') };

export function viewOf(asset: Asset, presentation: Presentation): AssetView {
  return {
    public_id: asset.publicId,
    resource_type: asset.resourceType,
    format: asset.format,
    version: asset.version,
    bytes: asset.bytes,
    width: asset.width,
    height: asset.height,
    etag: asset.etag,
    tags: asset.tags,
    url: urlOf(asset, presentation),
  };
}

export function uploadAnswer(asset: Asset, presentation: Presentation) {
  const url = urlOf(asset, presentation);
  return {
    asset_id: asset.assetId,
    public_id: asset.publicId,
    version: asset.version,
    version_id: asset.versionId,
    signature: answerSignature(asset.publicId, asset.version, presentation.apiSecret),
    ...sizeOf(asset),
    resource_type: asset.resourceType,
    created_at: asset.createdAt,
    tags: asset.tags,
    pages: 1,
    bytes: asset.bytes,
    type: 'upload',
    etag: asset.etag,
    placeholder: false,
    url,
    secure_url: url,
    ...placeOf(asset, presentation),
    ...contextOf(asset),
    original_filename: asset.originalFilename,
    api_key: presentation.apiKey,
  };
}

/** A list item. It has no etag: Cloudinary's lists show none. */
export function listItem(
  asset: Asset,
  presentation: Presentation,
  include: { tags: boolean; context: boolean },
) {
  const url = urlOf(asset, presentation);
  return {
    asset_id: asset.assetId,
    public_id: asset.publicId,
    ...sizeOf(asset),
    version: asset.version,
    resource_type: asset.resourceType,
    type: 'upload',
    created_at: asset.createdAt,
    bytes: asset.bytes,
    ...placeOf(asset, presentation),
    url,
    secure_url: url,
    ...(include.tags ? { tags: asset.tags } : {}),
    ...(include.context ? contextOf(asset) : {}),
  };
}

export function details(asset: Asset, presentation: Presentation) {
  return {
    ...listItem(asset, presentation, { tags: true, context: true }),
    version_id: asset.versionId,
    etag: asset.etag,
    original_filename: asset.originalFilename,
    last_updated: { updated_at: asset.createdAt },
    derived: [],
  };
}
