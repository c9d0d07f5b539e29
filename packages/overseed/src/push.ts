/**
 * THE STORY. Source → desired database, target → actual database, difference, upload, apply, verify.
 *
 * The order is what makes it safe: files are stored before any row mentions them and nothing is removed, so a
 * crash leaves a file too many, never a row that points at nothing; rows change in one transaction, or not at all.
 */
import type { Asset } from './model/asset.ts';
import { OverseedError } from './model/error.ts';
import type { Outcome, Proof, RefusalReason } from './model/outcome.ts';
import { isEmpty, type Plan } from './model/plan.ts';
import type { Run } from './model/run.ts';
import { requirePlaceFor } from './saved-plan/save-plan.ts';
import { compare } from './steps/compare.ts';
import { type Gathered, gather } from './steps/gather.ts';
import { inScratch } from './steps/in-scratch.ts';
import { pull, remember } from './steps/last-state.ts';
import { mend } from './steps/mend.ts';
import type { Parts } from './steps/parts.ts';
import { dataInTheWay, refuseToCascade } from './steps/policy.ts';
import { type Prepared, prepare } from './steps/prepare.ts';
import { replace } from './steps/replace.ts';
import { withQuotesOf } from './steps/requoted.ts';
import { requireSameTarget, requireStillReviewed, saveReviewable } from './steps/reviewed.ts';
import { Uploads } from './steps/uploads.ts';
import type { ScratchFolder } from './util/scratch-folder.ts';
import { expectPages } from './verify/find-differences.ts';

export type { Parts } from './steps/parts.ts';

/**
 * `overwrite` replaces what is there; `keep-data` fills an empty target and leaves any other alone; a function looks at
 * each plan before it is carried out, and says why it may not be.
 */
export type Consent = 'overwrite' | 'keep-data' | ((plan: Plan) => Promise<RefusalReason | undefined>);

/** How often a push plans afresh when somebody else changes the target meanwhile. */
const PLANS = 3;

/** Makes the target exactly what the source says. @throws OverseedError */
export async function push(parts: Parts, consent: Consent, run: Run): Promise<Outcome> {
  return inRun(parts, run, async (scratch) => {
    requireSameTarget(parts);
    const prepared = await prepare(parts, run);
    using gathered = await gather(parts, prepared, scratch, run, { willProve: true });
    const uploads = new Uploads(parts);
    try {
      return await pushGathered(parts, prepared, gathered, uploads, { consent, scratch, run });
    } catch (error) {
      await uploads.settle(run);
      throw error;
    }
  });
}

async function pushGathered(
  parts: Parts,
  first: Prepared,
  gathered: Gathered,
  uploads: Uploads,
  { consent, scratch, run }: { consent: Consent; scratch: ScratchFolder; run: Run },
): Promise<Outcome> {
  let prepared = first;
  let { desired, actual } = gathered;
  for (let attempt = 1; ; attempt++) {
    using fresh = attempt > 1 ? expectPages(desired, parts.target, run.signal) : undefined;
    const pages = fresh ?? gathered.pages;
    using difference = await compare(parts, prepared, desired, actual, scratch, run, pages);
    const { plan } = difference;
    // Also when somebody else moved the target meanwhile: what was looked at is done, or nothing.
    requireStillReviewed(parts, plan);
    if (isEmpty(plan)) {
      await mend(parts, prepared, run);
      await remember(parts, actual, run);
      return { status: 'unchanged', plan, proof: proofOf(plan) };
    }
    const reason = await refusal(consent, plan);
    if (reason) return { status: 'refused', plan, reason };
    refuseToCascade(plan);
    try {
      return await replace(parts, prepared, desired, actual, difference, pages, uploads, scratch, run);
    } catch (error) {
      const moved = error instanceof OverseedError && error.code === 'TARGET_MOVED';
      if (!moved || attempt === PLANS) throw error;
      run.emit({ kind: 'warning', message: `${error.what} Planning again from what is there now.` });
    }
    prepared = await withQuotesOf(parts, prepared, run);
    desired = { ...desired, tables: prepared.scope };
    actual = await pull(parts, prepared, scratch, run, { afresh: true });
  }
}

/**
 * What {@link push} would do. Touches nothing.
 * @param saveAs file that the plan is saved in, for a push of exactly that
 * @throws OverseedError
 */
export async function plan(parts: Parts, run: Run, saveAs?: string): Promise<Outcome> {
  return inRun(parts, run, async (scratch) => {
    requireSameTarget(parts);
    if (saveAs !== undefined) await requirePlaceFor(saveAs);
    const prepared = await prepare(parts, run);
    using gathered = await gather(parts, prepared, scratch, run);
    const fingerprints = parts.fingerprints || saveAs !== undefined;
    using difference = await compare(
      { ...parts, fingerprints },
      prepared,
      gathered.desired,
      gathered.actual,
      scratch,
      run,
    );
    requireStillReviewed(parts, difference.plan);
    if (saveAs !== undefined) await saveReviewable(saveAs, parts, difference.plan, run);
    return { status: 'planned', plan: difference.plan };
  });
}

/** The difference between source and target, and every asset of the source that is said to be stored. Touches nothing. @throws OverseedError */
export async function examine(parts: Parts, run: Run): Promise<{ plan: Plan; assets: readonly Asset[] }> {
  return inScratch(async (scratch) => {
    const prepared = await prepare(parts, run);
    using gathered = await gather(parts, prepared, scratch, run);
    using difference = await compare(parts, prepared, gathered.desired, gathered.actual, scratch, run);
    return { plan: difference.plan, assets: difference.assets.known };
  });
}

async function refusal(consent: Consent, plan: Plan): Promise<RefusalReason | undefined> {
  if (typeof consent === 'function') return consent(plan);
  return consent === 'keep-data' ? dataInTheWay(plan) : undefined;
}

async function inRun(
  parts: Parts,
  run: Run,
  work: (scratch: ScratchFolder) => Promise<Outcome>,
): Promise<Outcome> {
  const start = performance.now();
  run.emit({
    kind: 'run-started',
    runId: run.id,
    source: parts.source.label,
    target: parts.target.label,
    store: parts.assetStore.label,
  });
  const outcome = await inScratch(work);
  run.emit({ kind: 'run-finished', outcome, ms: performance.now() - start });
  return outcome;
}

function proofOf(plan: Plan): Proof {
  return {
    tables: plan.tables.map(({ table, rowsAfter }) => ({ table, rows: rowsAfter })),
    assetsChecked: 0,
  };
}
