/** Delivery: the bytes of an asset at its public URL. Transformations are parsed and otherwise ignored. */
import type { Asset, ResourceType } from '../asset.ts';
import { keyOf } from '../asset-store.ts';
import type { Call, Emulation } from '../call.ts';
import { mediaTypeOf } from '../image.ts';
import { errorReply, type Reply } from '../reply.ts';
import { parseDeliveryPath } from './parse-delivery-path.ts';

const MONTH_SECONDS = 2_592_000;

/** `path` is `[resource type, 'upload', …the rest]`. */
export async function deliver({ path, headers }: Call, emulation: Emulation): Promise<Reply> {
  const [resourceType, , ...rest] = path as [ResourceType, string, ...string[]];
  const { publicId, hasVersion } = parseDeliveryPath(rest, resourceType);
  const url = path.join('/');
  const reply = emulation.cdn.find(url) ?? (await fromOrigin(resourceType, publicId, emulation));
  if (reply.status === 200) {
    const canBeInvalidated = hasVersion || !publicId.includes('/');
    emulation.cdn.keep(url, { reply, assetKey: keyOf(resourceType, publicId), canBeInvalidated });
  }
  return isFresh(headers['if-none-match'], reply) ? { ...reply, status: 304, body: '' } : reply;
}

async function fromOrigin(
  resourceType: ResourceType,
  publicId: string,
  emulation: Emulation,
): Promise<Reply> {
  const asset = emulation.assets.get(resourceType, publicId);
  if (!asset) return errorReply(404, `Resource not found - ${publicId}`);
  const path = emulation.assets.pathOf(asset);
  return {
    status: 200,
    headers: headersOf(asset),
    // A CDN's copy must outlive the file.
    body: emulation.cdn.enabled ? await emulation.assets.read(asset) : { path, bytes: asset.bytes },
  };
}

const headersOf = (asset: Asset) => ({
  'Content-Type': asset.resourceType === 'image' ? mediaTypeOf(asset.format) : 'application/octet-stream',
  ETag: `"${asset.etag}"`,
  'Last-Modified': new Date(asset.version * 1000).toUTCString(),
  'Cache-Control': `public, no-transform, immutable, max-age=${MONTH_SECONDS}`,
  'Access-Control-Allow-Origin': '*',
  'X-Content-Type-Options': 'nosniff',
});

function isFresh(ifNoneMatch: string | string[] | undefined, { status, headers }: Reply): boolean {
  if (status !== 200 || typeof ifNoneMatch !== 'string') return false;
  const known = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(headers.ETag ?? '');
}
