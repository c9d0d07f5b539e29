/** A plan that is saved to be looked at, and the push of exactly that plan. */
import type { Desired } from '../desired/desired.ts';
import type { Fingerprints } from '../model/fingerprint.ts';
import type { Plan } from '../model/plan.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import { fingerprint } from '../plan/fingerprint.ts';
import type { Actual } from '../pull/pull-target.ts';
import { requireMadeFor } from '../saved-plan/read-plan.ts';
import { requireReviewed } from '../saved-plan/require-reviewed.ts';
import { savePlan } from '../saved-plan/save-plan.ts';
import { toSavedPlan } from '../saved-plan/saved-plan.ts';
import { countOf } from '../util/count-of.ts';
import type { Parts } from './parts.ts';

interface Sides {
  readonly desired: Desired;
  readonly followers: readonly Table[];
  readonly actual: Actual;
}

/** Nothing unless the plan is saved, or checked against one that was: it takes a pass over all rows. */
export async function fingerprintsFor(
  { reviewed, fingerprints = false }: Parts,
  { desired, followers, actual }: Sides,
  run: Run,
): Promise<Fingerprints | undefined> {
  if (reviewed === undefined && !fingerprints) return undefined;
  const { database, tables, keptColumns, assets } = desired;
  const rows = actual.rowCount + desired.rowCount;
  return inStage(
    run,
    'digest',
    () =>
      fingerprint(
        {
          actualFile: actual.file,
          desiredFile: database.file,
          tables,
          followers,
          keptColumns,
          assets,
          rowCount: rows,
        },
        run.signal,
      ),
    () => `${countOf(rows, 'row')} of both sides`,
  );
}

/** Before anything is contacted. @throws PLAN_INVALID */
export function requireSameTarget({ reviewed, target, assetStore }: Parts): void {
  if (reviewed) requireMadeFor(reviewed, { target: target.label, store: assetStore.name });
}

/** @throws PLAN_STALE, PLAN_INVALID */
export function requireStillReviewed({ reviewed, source }: Parts, plan: Plan): void {
  if (reviewed) requireReviewed(reviewed, fingerprinted(plan), source.label);
}

/** @throws PLAN_NOT_SAVED */
export async function saveReviewable(file: string, parts: Parts, plan: Plan, run: Run): Promise<void> {
  const { source, assetStore } = parts;
  const origin = { source: source.label, store: assetStore.name, createdAt: run.startedAt };
  await savePlan(file, toSavedPlan(fingerprinted(plan), origin));
  run.emit({ kind: 'plan-saved', file });
}

function fingerprinted({ basedOn, resultsIn, ...plan }: Plan): Plan & Fingerprints {
  if (basedOn === undefined || resultsIn === undefined) throw new TypeError('This plan has no fingerprints.');
  return { ...plan, basedOn, resultsIn };
}
