/**
 * Removes files in groups, so that a crash leaves nothing that lies: before a group is removed, the ledgers stop vouching
 * for it; when it is gone, they forget it. What is left of an interrupted prune, the next push or prune finds.
 */
import { type AssetStore, StoreError } from '../assets/asset-store.ts';
import { distrust, forget } from '../assets/ledger/changes.ts';
import type { Lease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import { toPublicId } from '../model/asset.ts';
import { OverseedError } from '../model/error.ts';
import type { FileSum } from '../model/prune.ts';
import type { Run } from '../model/run.ts';
import type { Target } from '../target/target.ts';
import { backoffMs, wait } from '../util/wait.ts';
import type { Survey, Unneeded } from './survey.ts';

/** With few files in a group, a store clears the copies on the way to readers as well; large groups are cheaper. */
const SMALL_GROUP = 100;
const FEW = 1_000;
const ATTEMPTS = 6;
/** A longer pause is waited for outside, where no lease keeps others from pushing. */
const SHORT_PAUSE_MS = 10_000;

/** The store wants a long pause, for example because the Admin calls of the hour are used up. */
export class StorePause extends Error {
  readonly pauseMs: number;
  constructor(pauseMs: number, cause: StoreError) {
    super(cause.message, { cause });
    this.pauseMs = pauseMs;
  }
}

export interface Holding {
  readonly target: Target;
  readonly lease: Lease;
}

/**
 * @param onGone told of each group that is gone
 * @throws StorePause; STORE_AUTH; ASSETS_FAILED naming every file that could not be removed
 */
export async function removeUnneeded(
  holdings: readonly Holding[],
  store: AssetStore,
  { survey, graceMs, total }: { survey: Survey; graceMs: number; total: number },
  onGone: (sum: FileSum) => void,
  run: Run,
): Promise<void> {
  const count = total <= FEW ? Math.min(SMALL_GROUP, store.removesAtOnce) : store.removesAtOnce;
  const failures: { publicId: string; reason: string }[] = [];
  let done = 0;
  for (let after = ''; ; ) {
    const group = survey.unneeded(graceMs, { after, count });
    const last = group.at(-1);
    if (!last) break;
    after = last.publicId;
    for (const [index, { target, lease }] of holdings.entries()) {
      const hashes = survey.hashesOf(index, group);
      await writeUnderLease(target, lease, [distrust(hashes, store.name, run.id)], run);
    }
    const { gone, failed } = await removePatiently(store, group, run);
    for (const [index, { target, lease }] of holdings.entries()) {
      const hashes = survey.hashesOf(index, gone);
      await writeUnderLease(target, lease, [forget(hashes, store.name)], run);
    }
    onGone({ files: gone.length, bytes: gone.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) });
    failures.push(...failed.map(({ file, error }) => ({ publicId: file.publicId, reason: error.message })));
    done += group.length;
    run.emit({ kind: 'stage-progress', stage: 'prune', done, total, unit: 'files' });
  }
  if (failures.length > 0) throw notRemoved(store, failures, total);
}

interface Removed {
  readonly gone: readonly Unneeded[];
  readonly failed: readonly { readonly file: Unneeded; readonly error: StoreError }[];
}

/** Tries again what failed and may pass. */
async function removePatiently(store: AssetStore, group: readonly Unneeded[], run: Run): Promise<Removed> {
  const gone: Unneeded[] = [];
  const failed: { file: Unneeded; error: StoreError }[] = [];
  let left = group;
  for (let attempt = 1; left.length > 0; attempt++) {
    const removal = await removeOnce(store, left, run);
    gone.push(...removal.gone);
    const passing = removal.failed.filter(({ error }) => error.kind === 'passing');
    failed.push(...removal.failed.filter(({ error }) => error.kind !== 'passing'));
    if (attempt === ATTEMPTS) {
      failed.push(...passing);
      break;
    }
    left = passing.map(({ file }) => file);
    const pauses = passing.map(({ error }) => error.retryAfterMs ?? 0);
    const pauseMs = Math.max(0, ...pauses);
    const [cause] = passing.filter(({ error }) => error.retryAfterMs === pauseMs);
    if (pauseMs > SHORT_PAUSE_MS && cause) throw new StorePause(pauseMs, cause.error);
    if (left.length > 0) await wait(pauseMs + backoffMs(attempt, { baseMs: 400, maxMs: 8_000 }), run.signal);
  }
  return { gone, failed };
}

async function removeOnce(store: AssetStore, files: readonly Unneeded[], run: Run): Promise<Removed> {
  const named = files.map((file) => ({ publicId: toPublicId(file.publicId), format: file.format, file }));
  try {
    const { gone, failed } = await store.remove(named, run.signal);
    return {
      gone: gone.map(({ file }) => file),
      failed: failed.map(({ asset, error }) => ({ file: asset.file, error })),
    };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.kind === 'credentials') throw refused(store, error);
    return { gone: [], failed: files.map((file) => ({ file, error })) };
  }
}

function refused({ label, credentials }: AssetStore, cause: StoreError): OverseedError {
  return new OverseedError('STORE_AUTH', {
    what: `${label} refused the credentials: ${cause.message}.`,
    state: 'old',
    next: `Check ${credentials}.`,
    cause,
  });
}

function notRemoved(
  { label }: AssetStore,
  failures: readonly { publicId: string; reason: string }[],
  total: number,
): OverseedError {
  const lines = failures.map(({ publicId, reason }) => `  ${publicId}: ${reason}`).toSorted();
  return new OverseedError('ASSETS_FAILED', {
    what: `${label} did not remove ${failures.length} of ${total} files:\n${lines.join('\n')}`,
    state: 'old',
    next: 'Everything else was removed. Run this again: it tries those that are left.',
  });
}
