/**
 * THE OTHER STORY: what nobody needs any more, leaves the store. Leases first, so that nobody is pushing; then everything
 * that may need a file is looked at; then files go, group by group, ledger first.
 *
 * A file goes only if this tool has put it into the ledger; no row of any target mentions it, in whatever table; no backup
 * on this machine does; and all that has been so for longer than the grace period.
 */
import { startClock, stopClock } from './assets/ledger/changes.ts';
import { acquireLease } from './lease/lease.ts';
import { writeUnderLease } from './lease/write-under-lease.ts';
import type { FileSum, PruneOutcome, PrunePlan } from './model/prune.ts';
import { inStage, type Run } from './model/run.ts';
import { type Findings, lookAround, type PruneScope } from './prune/look-around.ts';
import { type Holding, removeUnneeded, StorePause } from './prune/remove-unneeded.ts';
import { AsyncCleanup } from './util/async-cleanup.ts';
import { countOf } from './util/count-of.ts';
import { scratchFolder } from './util/scratch-folder.ts';
import { wait } from './util/wait.ts';

export type { PruneScope } from './prune/look-around.ts';

/** Unless the user says otherwise: pages and caches somewhere may still refer to a file that rows let go. */
export const GRACE_MS = 7 * 86_400_000;

/** What {@link prune} would do. Changes nothing. @throws OverseedError */
export async function planPrune(scope: PruneScope, run: Run): Promise<PrunePlan> {
  await using scratch = await scratchFolder();
  using findings = await lookAround(scope, scratch, run);
  return findings.plan;
}

/** Removes what nobody needs. When the store wants a pause, waits and looks around again. @throws OverseedError */
export async function prune(scope: PruneScope, run: Run): Promise<PruneOutcome> {
  const start = performance.now();
  let plan: PrunePlan | undefined;
  const removed = { files: 0, bytes: 0 };
  const onGone = ({ files, bytes }: FileSum) => {
    removed.files += files;
    removed.bytes += bytes;
  };
  for (;;) {
    const { found, pause } = await pruneOnce(scope, onGone, run);
    plan ??= found;
    if (!pause) break;
    const until = new Date(Date.now() + pause.pauseMs);
    run.emit({ kind: 'store-waiting', until, reason: pause.message });
    await wait(pause.pauseMs, run.signal);
  }
  const outcome: PruneOutcome =
    removed.files === 0 ? { status: 'nothing', plan } : { status: 'pruned', plan, removed };
  run.emit({ kind: 'prune-finished', outcome, ms: performance.now() - start });
  return outcome;
}

async function pruneOnce(
  scope: PruneScope,
  onGone: (sum: FileSum) => void,
  run: Run,
): Promise<{ found: PrunePlan; pause?: StorePause }> {
  await using scratch = await scratchFolder();
  await using cleanup = new AsyncCleanup();
  const holdings: Holding[] = [];
  for (const target of scope.targets) {
    const lease = cleanup.use(await acquireLease(target, run));
    holdings.push({ target, lease });
  }
  using findings = await lookAround(scope, scratch, run);
  const { survey, plan } = findings;
  await correctClocks(findings, holdings, scope, run);
  if (plan.remove.files === 0) return { found: plan };
  try {
    await inStage(
      run,
      'prune',
      () =>
        removeUnneeded(
          holdings,
          scope.assetStore,
          { survey, graceMs: plan.graceMs, total: plan.remove.files },
          onGone,
          run,
        ),
      () => `${countOf(plan.remove.files, 'file')} removed`,
    );
    return { found: plan };
  } catch (error) {
    if (error instanceof StorePause) return { found: plan, pause: error };
    throw error;
  }
}

/** Rows may have been changed by somebody who does not keep the ledger: the grace period of what they let go begins now. */
async function correctClocks(
  { survey }: Findings,
  holdings: readonly Holding[],
  { assetStore }: PruneScope,
  run: Run,
): Promise<void> {
  for (const [index, { target, lease }] of holdings.entries()) {
    for (const { clock, hashes } of survey.corrections(index)) {
      const statements = (clock === 'start' ? startClock : stopClock)(hashes, assetStore.name, run.id);
      for (const statement of statements) await writeUnderLease(target, lease, [statement], run);
    }
  }
}
