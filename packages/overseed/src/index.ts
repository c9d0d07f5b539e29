export {
  type AssetStore,
  type CheckDepth,
  type Quota,
  type Removal,
  type StoredAsset,
  StoreError,
  type StoreLimits,
  type StoreUsage,
} from './assets/asset-store.ts';
export {
  type Asset,
  type AssetName,
  type ProvableAsset,
  toPublicId,
} from './model/asset.ts';
export { type ErrorCode, errorCatalogue, OverseedError } from './model/error.ts';
export type { Event } from './model/event.ts';
export type { Outcome } from './model/outcome.ts';
export type { Plan, TablePlan } from './model/plan.ts';
export type { SavedPlan } from './saved-plan/saved-plan.ts';
