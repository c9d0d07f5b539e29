/** Which handler a request belongs to, from its method and path alone. */
import { admin } from './admin-api/admin.ts';
import { ApiError } from './api-error.ts';
import { requireUploadAuth } from './authenticate.ts';
import { authorizationOf, type Handler } from './call.ts';
import { deliver } from './delivery/deliver.ts';
import type { RouteGroup } from './fault.ts';
import { context, destroy, explicit, rename, tags } from './upload-api/change.ts';
import { upload } from './upload-api/upload.ts';

export interface Route {
  readonly group: RouteGroup;
  readonly cloud: string;
  /** Decoded, without the cloud's name. */
  readonly path: readonly string[];
  /** Whether it takes one of the few places for uploads. */
  readonly takesUploadSlot: boolean;
  readonly handler: Handler;
}

const UPLOAD_CALLS = new Map<string | undefined, Handler>(
  Object.entries({ upload, destroy, explicit, rename, tags, context }),
);
const RESOURCE_TYPES = new Set(['image', 'raw', 'video', 'auto']);

/** @throws ApiError 400 or 404 for a path that leads nowhere */
export function findRoute(method: string, pathname: string): Route {
  const [first = '', second = '', ...rest] = decode(pathname).split('/').slice(1);
  if (first === 'v1_1') return apiRoute(method, second, rest);
  const isRead = method === 'GET' || method === 'HEAD';
  if (isRead && (second === 'image' || second === 'raw') && rest[0] === 'upload' && rest.length > 1) {
    return {
      group: 'delivery',
      cloud: first,
      path: [second, ...rest],
      takesUploadSlot: false,
      handler: deliver,
    };
  }
  throw new ApiError(404, `local-cloud has nothing at ${method} ${pathname}`);
}

function apiRoute(method: string, cloud: string, path: readonly string[]): Route {
  const [type = '', action] = path;
  if (!RESOURCE_TYPES.has(type))
    return { group: 'admin', cloud, path, takesUploadSlot: false, handler: admin };
  const handler = path.length === 2 && method === 'POST' ? UPLOAD_CALLS.get(action) : undefined;
  if (!handler) throw new ApiError(404, `local-cloud has no Upload call ${method} /${path.join('/')}`);
  return {
    group: 'upload',
    cloud,
    path,
    takesUploadSlot: action === 'upload',
    handler: (call, emulation) => {
      const authorization = authorizationOf(call);
      requireUploadAuth(authorization, call.parameters.all, emulation.settings, call.nowMs);
      return handler(call, emulation);
    },
  };
}

/** The whole path at once: the SDK escapes slashes even between its own path elements (`resources%2Fsearch`). */
function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch (cause) {
    throw Object.assign(new ApiError(400, 'Malformed path'), { cause });
  }
}
