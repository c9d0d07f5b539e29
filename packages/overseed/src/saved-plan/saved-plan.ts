/** A plan in a file: looked at today, pushed tomorrow, and then exactly that or nothing. */
import type { MeasuredAsset } from '../model/asset.ts';
import type { Fingerprints } from '../model/fingerprint.ts';
import type { Plan } from '../model/plan.ts';
import { ownVersion } from '../util/own-version.ts';

/** docs/formats.md describes each key. */
export interface SavedPlan extends Omit<Plan, 'uploads' | keyof Fingerprints>, Fingerprints {
  readonly kind: 'overseed-plan';
  /** The version that made it. */
  readonly overseed: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  readonly source: string;
  /** The asset store's name in the ledger. */
  readonly store: string;
  readonly uploads: readonly SavedUpload[];
}

/** What there is to know of a file that will be stored. Where it lay on the machine that made the plan is not part of it. */
export type SavedUpload = Pick<MeasuredAsset, 'hash' | 'publicId' | 'path' | 'sizeBytes' | 'format'>;

export interface PlanOrigin {
  readonly source: string;
  readonly store: string;
  readonly createdAt: Date;
}

export function toSavedPlan(plan: Plan & Fingerprints, { source, store, createdAt }: PlanOrigin): SavedPlan {
  const { formatVersion, target, tables, apply, dependants, uploads, reusedAssets, basedOn, resultsIn } =
    plan;
  return {
    kind: 'overseed-plan',
    formatVersion,
    overseed: ownVersion(),
    createdAt: createdAt.toISOString(),
    source,
    target,
    store,
    tables,
    apply,
    dependants,
    uploads: uploads.map(toSavedUpload),
    reusedAssets,
    basedOn,
    resultsIn,
  };
}

export function toSavedUpload({ hash, publicId, path, sizeBytes, format }: SavedUpload): SavedUpload {
  return { hash, publicId, path, sizeBytes, format };
}
