/** The effects, in the order that makes a crash harmless. */
import { applyChanges } from '../apply/apply.ts';
import { removeLeftovers } from '../apply/remove-leftovers.ts';
import { markerStatements } from '../apply/run-marker.ts';
import { ledgerStatements } from '../assets/ledger.ts';
import type { Desired } from '../desired/desired.ts';
import { acquireLease } from '../lease/lease.ts';
import { OverseedError } from '../model/error.ts';
import type { Outcome, Proof } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Actual } from '../pull/pull-target.ts';
import type { Target } from '../target/target.ts';
import { countOf } from '../util/count-of.ts';
import type { ScratchFolder } from '../util/scratch-folder.ts';
import { verify } from '../verify/verify.ts';
import { backUp, thinOutBackups } from './back-up.ts';
import type { Difference } from './compare.ts';
import { findMoved } from './find-moved.ts';
import { remember } from './last-state.ts';
import type { Parts } from './parts.ts';
import type { Prepared } from './prepare.ts';
import type { Uploads } from './uploads.ts';

/** @throws TARGET_MOVED when the plan is out of date: nothing was changed but bookkeeping and unused files */
export async function replace(
  parts: Parts,
  { schema, searchIndexes }: Prepared,
  desired: Desired,
  actual: Actual,
  { comparison, plan, questions }: Difference,
  uploads: Uploads,
  scratch: ScratchFolder,
  run: Run,
): Promise<Outcome> {
  const { target, assetStore } = parts;
  // Only questions so far. A store that refuses us, or a file, says so before anything is touched.
  if (plan.uploads.length > 0) await assetStore.prepare(plan.uploads, run.signal);
  // The first effect: who may not write here learns it before any file is uploaded.
  await using lease = await acquireLease(target, run);
  // Whoever held the lease since the pull may have changed anything.
  if (lease.fence !== actual.fence + 1n) throw targetMoved(target);
  await removeLeftovers(target, schema.otherThings.keys(), run);
  const backup = await backUp(parts, actual, plan, run);
  const tally = await uploads.store(plan.uploads, run);
  const bookkeeping = [
    ...ledgerStatements(plan.uploads, assetStore.name, run.id),
    ...markerStatements({
      ...totals(plan),
      runId: run.id,
      finishedAt: new Date(),
      source: parts.source.label,
    }),
  ];
  const { rowsWritten } = await applyChanges(
    {
      target,
      comparison,
      strategy: plan.apply,
      schema,
      dependants: questions,
      searchIndexes,
      lease,
      planned: { mark: actual.mark, findMoved: () => findMoved(target, actual, scratch, run) },
      bookkeeping,
    },
    run,
  );
  comparison[Symbol.dispose]();
  const files = { pulled: scratch.file('verify.db'), changes: scratch.file('verify-changes.db') };
  const { proof, version } = await inStage(
    run,
    'verify',
    () => verify(desired, target, files, assetStore, plan.uploads, run),
    (verified) => describeProof(verified.proof),
  ).catch((error: unknown) => {
    throw afterCommit(error, target, run);
  });
  await thinOutBackups(parts, run);
  const { database, tables } = desired;
  const rowCount = proof.tables.reduce((sum, { rows }) => sum + rows, 0);
  await remember(parts, { file: database.file, tables, rowCount, fence: lease.fence, version }, run);
  return { status: 'applied', plan, runId: run.id, backup, uploads: tally, rowsWritten, proof };
}

/** Whatever ends a run now, the rows are there: nobody may read that the target is as it was. */
function afterCommit(error: unknown, { label }: Target, run: Run): unknown {
  const next = 'Run the same command again: it compares, and does what is left.';
  if (run.signal.aborted) {
    const what = `Stopped after the new rows were committed on ${label}, before they were compared again.`;
    return new OverseedError('INTERRUPTED', { what, state: 'new', next, cause: error });
  }
  if (!(error instanceof OverseedError) || error.code === 'VERIFY_FAILED') return error;
  const what = `The new rows are committed, but could not be compared again. ${error.what}`;
  return new OverseedError(error.code, { what, state: 'new', next, cause: error });
}

function targetMoved(target: Target): OverseedError {
  return new OverseedError('TARGET_MOVED', {
    what: `Another run pushed to ${target.label} while this one was planning.`,
    state: 'old',
    next: 'Run the same command again: it plans afresh from what is there now.',
  });
}

function totals(plan: Plan) {
  const sum = (pick: 'inserts' | 'updates' | 'deletes') =>
    plan.tables.reduce((total, table) => total + table[pick], 0);
  return {
    inserted: sum('inserts'),
    updated: sum('updates'),
    deleted: sum('deletes'),
    uploaded: plan.uploads.length,
  };
}

function describeProof({ tables, assetsChecked }: Proof): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `${countOf(rows, 'row')} equal${assetsChecked > 0 ? `, ${countOf(assetsChecked, 'file')} answered` : ''}`;
}
