export { type ErrorCode, errorCatalogue, OverseedError } from './model/error.ts';
export type { Event } from './model/event.ts';
export type { Outcome } from './model/outcome.ts';
export type { Plan, TablePlan } from './model/plan.ts';
export type { SavedPlan } from './saved-plan/saved-plan.ts';
