import './preflight.ts';

export { rows, type SeedTable } from '../source/seed.ts';
export type { Rule, StandardSchema } from '../source/standard-schema.ts';
export { defineSeed, type SeedAssets, type SeedDefinition } from './define-seed.ts';
