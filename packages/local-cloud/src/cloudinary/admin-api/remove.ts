/** Deleting and restoring in bulk. */
import { ApiError, notEmulated } from '../api-error.ts';
import { type Asset, listItem, type ResourceType } from '../asset.ts';
import { keyOf } from '../asset-store.ts';
import type { Call, Emulation } from '../call.ts';
import { pageOf } from '../cursor.ts';
import { jsonReply, type Reply } from '../reply.ts';

const IDS_MAX = 100;
const BULK_MAX = 1_000;

export function removeAssets(call: Call, emulation: Emulation, resourceType: ResourceType): Reply {
  const { parameters } = call;
  const prefix = parameters.one('prefix');
  const all = parameters.flag('all') ?? false;
  if (parameters.all.has('public_ids')) return removeByIds(call, emulation, resourceType);
  if (prefix === undefined && !all) {
    throw new ApiError(400, 'Missing required parameter - public_ids, prefix or all');
  }
  const named = emulation.assets
    .all()
    .filter((asset) => asset.resourceType === resourceType && asset.publicId.startsWith(prefix ?? ''));
  return removeMany(named, `delete ${resourceType} ${prefix ?? ''}`, call, emulation);
}

export function removeByTag(
  call: Call,
  emulation: Emulation,
  resourceType: ResourceType,
  tag: string,
): Reply {
  const tagged = emulation.assets
    .all()
    .filter((asset) => asset.resourceType === resourceType && asset.tags.includes(tag));
  return removeMany(tagged, `delete tag ${resourceType} ${tag}`, call, emulation);
}

export function removeByAssetIds(call: Call, emulation: Emulation): Reply {
  const wanted = call.parameters.manyUpTo('asset_ids', IDS_MAX);
  const byId = new Map(emulation.assets.all().map((asset) => [asset.assetId, asset]));
  return removeEach(wanted, (assetId) => byId.get(assetId), call, emulation);
}

export function restoreAssets({ parameters }: Call, emulation: Emulation, resourceType: ResourceType): Reply {
  const wanted = parameters.manyUpTo('public_ids', IDS_MAX);
  if (wanted.length === 0) throw new ApiError(400, 'Missing required parameter - public_ids');
  const results = wanted.map((publicId) => {
    const asset = emulation.assets.restore(resourceType, publicId);
    const shown = asset && listItem(asset, emulation.presentation, { tags: true, context: true });
    return [publicId, shown ?? { error: 'no_backup' }];
  });
  return jsonReply(Object.fromEntries(results));
}

function removeByIds(call: Call, emulation: Emulation, resourceType: ResourceType): Reply {
  const wanted = call.parameters.manyUpTo('public_ids', IDS_MAX);
  return removeEach(wanted, (publicId) => emulation.assets.get(resourceType, publicId), call, emulation);
}

function removeEach(
  ids: readonly string[],
  find: (id: string) => Asset | undefined,
  call: Call,
  emulation: Emulation,
): Reply {
  refuseKeepingParts(call);
  const deleted = ids.map((id) => {
    const asset = find(id);
    if (asset) remove(asset, call, emulation);
    return [id, asset ? 'deleted' : 'not_found'];
  });
  return jsonReply({ deleted: Object.fromEntries(deleted), partial: false });
}

function removeMany(assets: readonly Asset[], query: string, call: Call, emulation: Emulation): Reply {
  refuseKeepingParts(call);
  const { items, next } = pageOf(assets, ({ publicId }) => publicId, {
    query,
    cursor: call.parameters.one('next_cursor'),
    size: BULK_MAX,
  });
  for (const asset of items) remove(asset, call, emulation);
  const deleted = Object.fromEntries(items.map(({ publicId }) => [publicId, 'deleted']));
  return jsonReply({ deleted, partial: next.next_cursor !== undefined, ...next });
}

function refuseKeepingParts({ parameters }: Call): void {
  if (parameters.flag('keep_original')) throw notEmulated('keep_original');
  if (parameters.one('transformations') !== undefined) throw notEmulated('deleting single transformations');
}

function remove(asset: Asset, { parameters }: Call, { assets, cdn, counters, settings }: Emulation): void {
  assets.remove(asset);
  counters.deleted++;
  if (settings.bulkInvalidate && parameters.flag('invalidate')) {
    cdn.invalidate(keyOf(asset.resourceType, asset.publicId));
  }
}
