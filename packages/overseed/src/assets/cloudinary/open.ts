/** Cloudinary as an asset store. */
import type { CloudinaryAccount } from '../../model/cloudinary-account.ts';
import type { AssetStore } from '../asset-store.ts';
import { checkUrl } from '../check-url.ts';
import { urlPathOf } from '../file-name.ts';
import { CREDENTIALS } from './call.ts';
import { incomingTransformation } from './incoming.ts';
import { findLost, list } from './look.ts';
import { put } from './put.ts';
import { REMOVES_AT_ONCE, remove } from './remove.ts';
import { prepare, usage } from './usage.ts';

/** Cloudinary allows 10 at once on ordinary plans, up to 30 for its own command line. */
const MAX_CONCURRENCY = 24;

/** @param prefix put in front of every public ID, for example `real-estate` */
export function openCloudinaryStore(account: CloudinaryAccount, prefix: string): AssetStore {
  return {
    name: `cloudinary:${account.cloudName}`,
    label: `Cloudinary (${account.cloudName})`,
    credentials: CREDENTIALS,
    prefix,
    maxConcurrency: MAX_CONCURRENCY,
    removesAtOnce: REMOVES_AT_ONCE,
    lookingCosts: true,

    // The version is always 1: other content would have another public ID.
    urlOf: (asset) =>
      `${account.deliveryBase}/${encodeURIComponent(account.cloudName)}/image/upload/v1/${urlPathOf(asset)}`,

    incoming: incomingTransformation,

    check(asset, depth, signal) {
      const reasonIn = ({ headers }: Response) => headers.get('x-cld-error');
      return checkUrl(this.urlOf(asset), asset, { depth, reasonIn }, signal);
    },
    findLost: (known, signal) => findLost(account, known, signal),
    prepare: (assets, signal) => prepare(account, assets, signal),
    put: (asset, signal) => put(account, asset, signal),
    remove: (assets, signal) => remove(account, prefix, assets, signal),
    list: (signal) => list(account, prefix, signal),
    usage: (signal) => usage(account, signal),
  };
}
