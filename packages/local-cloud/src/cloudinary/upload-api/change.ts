/** The calls of the Upload API that change assets already stored: destroy, explicit, rename, tags, context. */
import { ApiError, notEmulated } from '../api-error.ts';
import { type Asset, type ResourceType, uploadAnswer } from '../asset.ts';
import { keyOf } from '../asset-store.ts';
import type { Call, Emulation } from '../call.ts';
import { toPublicId } from '../public-id.ts';
import { jsonReply, type Reply } from '../reply.ts';
import { parseContext } from './parse-context.ts';

const IDS_MAX = 1_000;

function resourceTypeOf({ path }: Call): ResourceType {
  const [type] = path;
  if (type === 'image' || type === 'raw') return type;
  throw notEmulated(`the resource type ${type}`);
}

export function destroy(call: Call, { assets, cdn, counters }: Emulation): Reply {
  const asset = assets.get(resourceTypeOf(call), call.parameters.required('public_id'));
  if (!asset) return jsonReply({ result: 'not found' });
  assets.remove(asset);
  counters.deleted++;
  if (call.parameters.flag('invalidate')) cdn.invalidate(keyOf(asset.resourceType, asset.publicId));
  return jsonReply({ result: 'ok' });
}

export function explicit(call: Call, emulation: Emulation): Reply {
  const { parameters } = call;
  for (const name of ['eager', 'transformation']) {
    if (parameters.one(name) !== undefined) throw notEmulated(`the explicit parameter ${name}`);
  }
  const asset = find(call, emulation, parameters.required('public_id'));
  const changed: Asset = {
    ...asset,
    tags: parameters.all.has('tags') ? parameters.list('tags') : asset.tags,
    context: parameters.all.has('context') ? parseContext(parameters.one('context')) : asset.context,
    assetFolder: parameters.one('asset_folder') ?? asset.assetFolder,
    displayName: parameters.one('display_name') ?? asset.displayName,
  };
  emulation.assets.commit(changed);
  if (parameters.flag('invalidate')) emulation.cdn.invalidate(keyOf(asset.resourceType, asset.publicId));
  return jsonReply(uploadAnswer(changed, emulation.presentation));
}

export function rename(call: Call, emulation: Emulation): Reply {
  const { parameters } = call;
  const asset = find(call, emulation, parameters.required('from_public_id'));
  const publicId = toPublicId(parameters.required('to_public_id'));
  const taken = emulation.assets.get(asset.resourceType, publicId);
  if (taken && (taken.assetId === asset.assetId || !parameters.flag('overwrite'))) {
    throw new ApiError(400, `to_public_id (${publicId}) already exists`);
  }
  const renamed = emulation.assets.rename(asset, publicId);
  if (parameters.flag('invalidate')) emulation.cdn.invalidate(keyOf(asset.resourceType, asset.publicId));
  return jsonReply(uploadAnswer(renamed, emulation.presentation));
}

const TAG_COMMANDS: Readonly<
  Record<string, (tags: readonly string[], named: readonly string[]) => readonly string[]>
> = {
  add: (tags, named) => [...new Set([...tags, ...named])],
  remove: (tags, named) => tags.filter((tag) => !named.includes(tag)),
  replace: (_tags, named) => named,
  remove_all: () => [],
};

export function tags(call: Call, emulation: Emulation): Reply {
  const command = call.parameters.required('command');
  const apply = Object.hasOwn(TAG_COMMANDS, command) ? TAG_COMMANDS[command] : undefined;
  if (!apply) throw new ApiError(400, `Invalid value ${command} for parameter command`);
  const named = call.parameters.list('tag');
  if (command !== 'remove_all' && named.length === 0)
    throw new ApiError(400, 'Missing required parameter - tag');
  return changeMany(call, emulation, (asset) => ({ ...asset, tags: apply(asset.tags, named) }));
}

export function context(call: Call, emulation: Emulation): Reply {
  const command = call.parameters.required('command');
  if (command !== 'add' && command !== 'remove_all') {
    throw new ApiError(400, `Invalid value ${command} for parameter command`);
  }
  const added = command === 'add' ? parseContext(call.parameters.required('context')) : {};
  return changeMany(call, emulation, (asset) => ({
    ...asset,
    context: command === 'add' ? { ...asset.context, ...added } : {},
  }));
}

function changeMany(call: Call, { assets }: Emulation, change: (asset: Asset) => Asset): Reply {
  const publicIds = call.parameters.manyUpTo('public_ids', IDS_MAX);
  if (publicIds.length === 0) throw new ApiError(400, 'Missing required parameter - public_ids');
  const found = publicIds
    .map((id) => assets.get(resourceTypeOf(call), id))
    .filter((asset) => asset !== undefined);
  for (const asset of found) assets.commit(change(asset));
  return jsonReply({ public_ids: found.map(({ publicId }) => publicId) });
}

function find(call: Call, { assets }: Emulation, publicId: string): Asset {
  const asset = assets.get(resourceTypeOf(call), publicId);
  if (!asset) throw new ApiError(404, `Resource not found - ${publicId}`);
  return asset;
}
