import './preflight.ts';

export type { AssetColumnsInput } from '../config/asset-tables.ts';
export type { BackupSettings } from '../config/backups.ts';
export type { S3Options } from '../config/s3.ts';
export type { AssetTargets, Optimise, RemoteFiles, SvgChoice } from '../model/asset-columns.ts';
export { rows, type SeedTable } from '../source/seed.ts';
export type { Rule, StandardSchema } from '../source/standard-schema.ts';
export { cloudinaryCheck, databaseCheck, environmentCheck, s3Check } from './checks.ts';
export { defineSeed, type Seed, type SeedAssets, type SeedDefinition } from './define-seed.ts';
export { type UploadedFile, uploadFiles } from './upload-files.ts';
