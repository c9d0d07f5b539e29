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
  type AssetColumnsConfig,
  type AssetsConfig,
  type BackupsConfig,
  defineConfig,
  type ScopeConfig,
  type SourceConfig,
  type StoreConfig,
  type TargetConfig,
  type UserConfig,
} from './config/user-config.ts';
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
export type { Rule, StandardSchema } from './model/rule.ts';
export type { SavedPlan } from './saved-plan/saved-plan.ts';
export { type Rows, rows, type SeedTable } from './source/seed.ts';
export { defineSource, type SeedContext, type SeedExport } from './source/seed-module.ts';
