/** Reading assets: lists by prefix, tag or id, and one asset in full. */
import { ApiError, notEmulated } from '../api-error.ts';
import { type Asset, details, listItem, type ResourceType } from '../asset.ts';
import type { Call, Emulation, Parameters } from '../call.ts';
import { pageOf } from '../cursor.ts';
import { jsonReply, type Reply } from '../reply.ts';

const PAGE_DEFAULT = 10;
const PAGE_MAX = 500;
const IDS_MAX = 100;
const ASSET_IDS_MAX = 10;

export function list(call: Call, emulation: Emulation, resourceType: ResourceType): Reply {
  const { parameters } = call;
  if (parameters.all.has('start_at')) throw notEmulated('start_at');
  if (parameters.all.has('public_ids')) {
    const found = parameters
      .manyUpTo('public_ids', IDS_MAX)
      .map((publicId) => emulation.assets.get(resourceType, publicId));
    return jsonReply({ resources: show(found, parameters, emulation) });
  }
  const prefix = parameters.one('prefix');
  const named = emulation.assets
    .all()
    .filter((asset) => asset.resourceType === resourceType && asset.publicId.startsWith(prefix ?? ''));
  return page(named, `list ${resourceType} ${prefix ?? ''}`, call, emulation);
}

export function listByTag(call: Call, emulation: Emulation, resourceType: ResourceType, tag: string): Reply {
  const tagged = emulation.assets
    .all()
    .filter((asset) => asset.resourceType === resourceType && asset.tags.includes(tag));
  return page(tagged, `tag ${resourceType} ${tag}`, call, emulation);
}

export function listByAssetIds({ parameters }: Call, emulation: Emulation): Reply {
  const wanted = parameters.manyUpTo('asset_ids', ASSET_IDS_MAX);
  const found = emulation.assets.all().filter(({ assetId }) => wanted.includes(assetId));
  return jsonReply({ resources: show(found, parameters, emulation) });
}

export function showOne(emulation: Emulation, resourceType: ResourceType, publicId: string): Reply {
  const asset = emulation.assets.get(resourceType, publicId);
  if (!asset) throw new ApiError(404, `Resource not found - ${publicId}`);
  return jsonReply(details(asset, emulation.presentation));
}

function page(assets: readonly Asset[], query: string, { parameters }: Call, emulation: Emulation): Reply {
  const byName = parameters.one('prefix') !== undefined;
  const direction = parameters.one('direction');
  const isAscending = byName || direction === 'asc' || direction === '1';
  const { items, next } = pageOf(
    assets,
    ({ publicId, createdAt }) => (byName ? publicId : `${createdAt} ${publicId}`),
    {
      query: `${query} ${isAscending}`,
      cursor: parameters.one('next_cursor'),
      size: parameters.count('max_results', { fallback: PAGE_DEFAULT, max: PAGE_MAX }),
      order: isAscending ? 'ascending' : 'descending',
    },
  );
  return jsonReply({ resources: show(items, parameters, emulation), ...next });
}

function show(assets: readonly (Asset | undefined)[], parameters: Parameters, { presentation }: Emulation) {
  const include = { tags: parameters.flag('tags') ?? false, context: parameters.flag('context') ?? false };
  const fields = parameters.list('fields');
  return assets
    .filter((asset) => asset !== undefined)
    .map((asset) => listItem(asset, presentation, include))
    .map((item) => (fields.length === 0 ? item : pick(item, ['public_id', 'asset_id', ...fields])));
}

const pick = (item: object, names: readonly string[]) =>
  Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
