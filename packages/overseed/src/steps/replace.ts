/** The effects, in the order that makes a crash harmless. */
import { applyChanges } from '../apply/apply.ts';
import { removeLeftovers } from '../apply/remove-leftovers.ts';
import { markerStatements } from '../apply/run-marker.ts';
import { withEtags } from '../assets/etag.ts';
import { amendStored, confirmStored, startClock } from '../assets/ledger/changes.ts';
import type { Desired } from '../desired/desired.ts';
import { acquireLease } from '../lease/lease.ts';
import { messageOf, OverseedError } from '../model/error.ts';
import type { Outcome, Proof } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Actual } from '../pull/pull-target.ts';
import type { Target } from '../target/target.ts';
import { countOf } from '../util/count-of.ts';
import type { ScratchFolder } from '../util/scratch-folder.ts';
import type { ExpectedPages } from '../verify/expected-pages.ts';
import { verify } from '../verify/verify.ts';
import { backUp, thinOutBackups } from './back-up.ts';
import type { Difference } from './compare.ts';
import { findMoved } from './find-moved.ts';
import { explainFullDisk } from './in-scratch.ts';
import { remember } from './last-state.ts';
import type { Parts } from './parts.ts';
import type { Prepared } from './prepare.ts';
import type { Uploads } from './uploads.ts';
import { warnOfDangling } from './warn-of-dangling.ts';

/** The batch stays short; for more of them the clock is started by the next prune, which is later and never too early. */
const UNUSED_IN_BATCH = 20_000;

/** @throws TARGET_MOVED when the plan is out of date: nothing was changed but bookkeeping and unused files */
export async function replace(
  parts: Parts,
  { schema }: Prepared,
  desired: Desired,
  actual: Actual,
  { comparison, plan, questions, renewals, assets }: Difference,
  pages: ExpectedPages | undefined,
  uploads: Uploads,
  scratch: ScratchFolder,
  run: Run,
): Promise<Outcome> {
  const { target, assetStore } = parts;
  const toStore = await withEtags(assets.uploads, run.signal);
  // Only questions so far. A store that refuses us, or a file, says so before anything is touched.
  if (toStore.length > 0) await assetStore.prepare(toStore, run.signal);
  // The first effect: who may not write here learns it before any file is uploaded.
  await using lease = await acquireLease(target, run);
  // Whoever held the lease since the pull may have changed anything.
  if (lease.fence !== actual.fence + 1n) throw targetMoved(target);
  await removeLeftovers(target, schema, lease, run);
  const backup = await backUp(parts, actual, plan, run);
  const tally = await uploads.store({ ...assets, uploads: toStore }, lease, run);
  const stored = uploads.asStored(toStore);
  const bookkeeping = [
    ...amendStored(uploads.transformed(toStore), assetStore.name, run.id),
    ...(toStore.length > 0 ? [confirmStored(assetStore.name, run.id)] : []),
    ...startClock(assets.unused.slice(0, UNUSED_IN_BATCH), assetStore.name, run.id),
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
      mayDangle: parts.source.isBackup ?? false,
      dependants: questions,
      renewals,
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
    async () => {
      if (parts.source.isBackup) await warnOfDangling(target, schema, comparison, run);
      return verify(desired, pages, target, files, assetStore, stored, run);
    },
    (verified) => describeProof(verified.proof),
  ).catch(async (error: unknown) => {
    throw afterCommit(await explainFullDisk(error, scratch.path), target, run);
  });
  await thinOutBackups(parts, run);
  const { database, tables } = desired;
  const rowCount = proof.tables.reduce((sum, { rows }) => sum + rows, 0);
  await remember(parts, { file: database.file, tables, rowCount, fence: lease.fence, version }, run);
  const storeCost = plan.storeCost && { ...plan.storeCost, uploads: tally.uploaded, bytes: tally.bytes };
  return {
    status: 'applied',
    plan,
    runId: run.id,
    backup,
    uploads: tally,
    ...(storeCost ? { storeCost } : {}),
    rowsWritten,
    proof,
  };
}

/** Whatever ends a run now, the rows are there: nobody may read that the target is as it was. */
function afterCommit(error: unknown, { label }: Target, run: Run): unknown {
  const next = 'Run the same command again: it compares, and does what is left.';
  if (run.signal.aborted) {
    const what = `Stopped after the new rows were committed on ${label}, before they were compared again.`;
    return new OverseedError('INTERRUPTED', { what, state: 'new', next, cause: error });
  }
  const known = error instanceof OverseedError;
  if (known && error.code === 'VERIFY_FAILED') return error;
  const what = `The new rows are committed, but could not be compared again. ${known ? error.what : messageOf(error)}`;
  const code = known ? error.code : 'INTERNAL';
  const cure = code === 'DISK_FULL' && known ? error.next : next;
  return new OverseedError(code, { what, state: 'new', next: cure, cause: error });
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
