/** The Admin API's front door: credentials, allowance, and which call it is. */
import { ApiError, notEmulated } from '../api-error.ts';
import type { ResourceType } from '../asset.ts';
import { requireBasic } from '../authenticate.ts';
import { authorizationOf, type Call, type Emulation } from '../call.ts';
import type { Reply } from '../reply.ts';
import { config, ping, usage } from './account.ts';
import { list, listByAssetIds, listByTag, showOne } from './list.ts';
import { removeAssets, removeByAssetIds, removeByTag, restoreAssets } from './remove.ts';
import { search } from './search.ts';

export function admin(call: Call, emulation: Emulation): Reply {
  requireBasic(authorizationOf(call), emulation.settings);
  emulation.quota.spend(call.nowMs);
  emulation.counters.adminCalls++;
  const [first, ...rest] = call.path;
  const route = `${call.method} ${first}`;
  if (route === 'GET ping') return ping();
  if (route === 'GET usage') return usage(call, emulation);
  if (route === 'GET config') return config(call, emulation);
  if (first === 'resources') return resources(call, emulation, rest);
  throw notEmulated(`the Admin call ${call.method} /${call.path.join('/')}`);
}

function resources(call: Call, emulation: Emulation, path: readonly string[]): Reply {
  const [type = '', second, ...rest] = path;
  const { method } = call;
  if (path.length === 0 && method === 'DELETE') return removeByAssetIds(call, emulation);
  if (type === 'search' && path.length === 1 && method !== 'DELETE') return search(call, emulation);
  if (type === 'by_asset_ids' && method === 'GET') return listByAssetIds(call, emulation);
  if (type === 'video') throw notEmulated('video');
  if (type !== 'image' && type !== 'raw') {
    throw notEmulated(`the Admin call ${method} /resources/${path.join('/')}`);
  }
  if (second === 'tags' && rest.length > 0) return ofTag(call, emulation, type, rest.join('/'));
  if (second !== undefined && second !== 'upload') throw notEmulated(`the type ${second}`);
  return ofType(call, emulation, type, rest);
}

function ofTag(call: Call, emulation: Emulation, type: ResourceType, tag: string): Reply {
  if (call.method === 'GET') return listByTag(call, emulation, type, tag);
  if (call.method === 'DELETE') return removeByTag(call, emulation, type, tag);
  throw new ApiError(404, `No such Admin call: ${call.method} by tag`);
}

function ofType(call: Call, emulation: Emulation, type: ResourceType, rest: readonly string[]): Reply {
  const { method } = call;
  if (method === 'GET') {
    return rest.length === 0 ? list(call, emulation, type) : showOne(emulation, type, rest.join('/'));
  }
  if (method === 'DELETE' && rest.length === 0) return removeAssets(call, emulation, type);
  if (method === 'POST' && rest.length === 1 && rest[0] === 'restore')
    return restoreAssets(call, emulation, type);
  throw notEmulated(`the Admin call ${method} /${call.path.join('/')}`);
}
