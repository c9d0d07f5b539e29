/**
 * Stores the assets that the target's ledger does not know. Nothing live refers to them yet, so stopping anywhere
 * leaves at most files too many. Every failure is collected: the error names each file with its reason.
 */
import { type Arrival, type AssetStore, StoreError } from '../assets/asset-store.ts';
import type { Asset, ContentHash } from '../model/asset.ts';
import { OverseedError } from '../model/error.ts';
import type { UploadTally } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import { backoffMs, wait } from '../util/wait.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';

/** A store that fails one call in five still takes 180 files with a chance of failure of 1 in 50 000. */
const ATTEMPTS = 10;
/** A store that failed this often in a row, and for this long, is down. */
const GIVE_UP_FAILURES = 12;
const GIVE_UP_MS = 15_000;
const LISTED_FAILURES = 20;

interface Failure {
  readonly asset: Asset;
  readonly error: StoreError;
}

/**
 * The store must have been prepared for `assets`. After an abort no further upload begins; files already stored stay, and
 * harm nobody.
 * @param arrivals receives what the store made of assets that it was told to transform
 * @throws ASSETS_FAILED, STORE_AUTH
 */
export async function uploadAssets(
  assets: readonly Asset[],
  store: AssetStore,
  run: Run,
  arrivals: Map<ContentHash, Arrival> = new Map(),
): Promise<UploadTally> {
  const tally = { uploaded: 0, alreadyThere: 0, bytes: 0, retries: 0 };
  if (assets.length === 0) return tally;

  const limit = new AdaptiveLimit({ startAt: 8, max: store.maxConcurrency });
  const failures: Failure[] = [];
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  let lastSuccess = performance.now();
  let failuresInARow = 0;
  let done = 0;

  async function upload(asset: Asset): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const error = await tryOnce(asset);
      if (!error) return;
      const hopeless = error.kind !== 'passing' || attempt === ATTEMPTS;
      const down = ++failuresInARow >= GIVE_UP_FAILURES && performance.now() - lastSuccess > GIVE_UP_MS;
      if (down || error.kind === 'credentials') stop.abort();
      if (hopeless || stop.signal.aborted) {
        failures.push({ asset, error });
        return;
      }
      // Waiting outside the limit: a file that waits for its next attempt holds no slot.
      const waitMs = Math.max(error.retryAfterMs ?? 0, backoffMs(attempt, { baseMs: 400, maxMs: 8_000 }));
      tally.retries++;
      run.emit({ kind: 'upload-retried', path: asset.path, attempt, reason: error.message, waitMs });
      await wait(waitMs, signal).catch(() => undefined); // Woken by a stop: the next attempt sees it.
    }
  }

  function tryOnce(asset: Asset): Promise<StoreError | undefined> {
    return limit.run(async (slot) => {
      if (signal.aborted) return new StoreError('was not tried: the run had stopped', { kind: 'permanent' });
      try {
        const answer = await store.put(asset, signal);
        const result = typeof answer === 'string' ? answer : answer.result;
        if (typeof answer !== 'string') arrivals.set(asset.hash, answer);
        lastSuccess = performance.now();
        failuresInARow = 0;
        slot.succeeded();
        if (result === 'stored') tally.bytes += asset.sizeBytes;
        tally[result === 'stored' ? 'uploaded' : 'alreadyThere']++;
        run.emit({
          kind: 'stage-progress',
          stage: 'upload',
          done: ++done,
          total: assets.length,
          unit: 'files',
        });
        return undefined;
      } catch (error) {
        if (signal.aborted)
          return new StoreError('was not finished: the run had stopped', { kind: 'permanent' });
        if (!(error instanceof StoreError)) throw error;
        if (error.throttled) slot.throttled();
        return error;
      }
    });
  }

  await Promise.all(assets.map(upload));
  run.signal.throwIfAborted();
  if (failures.length > 0) throw failed(store, failures, assets.length);
  return tally;
}

function failed(store: AssetStore, failures: readonly Failure[], total: number): OverseedError {
  const refused = failures.find(({ error }) => error.kind === 'credentials');
  if (refused) {
    return new OverseedError('STORE_AUTH', {
      what: `${store.label} refused the credentials: ${refused.error.message}.`,
      state: 'old',
      next: `Check ${store.credentials}.`,
      cause: refused.error,
    });
  }
  // Files that were only not tried any more say nothing about the reason.
  const telling = failures.filter(({ error }) => !error.message.startsWith('was not'));
  const down = telling.some(({ error }) => error.kind === 'passing');
  return new OverseedError('ASSETS_FAILED', {
    what: `${store.label} did not take ${failures.length} of ${total} files:\n${listByReason(telling.length > 0 ? telling : failures, failures.length)}`,
    state: 'old',
    next: `What was stored stays for the next run. ${down ? 'Wait until the store answers again' : 'Correct the files'}, then run this again.`,
    cause: telling[0]?.error,
  });
}

/** One line a file; files that failed for the same reason share one. */
function listByReason(failures: readonly Failure[], total: number): string {
  const byReason = new Map<string, string[]>();
  for (const { asset, error } of failures) {
    byReason.set(error.message, [...(byReason.get(error.message) ?? []), asset.path]);
  }
  const lines = [...byReason].slice(0, LISTED_FAILURES).map(([reason, paths]) => {
    const others = paths.length > 3 ? ` and ${paths.length - 2} more` : '';
    return `  ${paths.slice(0, others ? 2 : 3).join(', ')}${others}: ${reason}`;
  });
  const listed = [...byReason.values()].slice(0, LISTED_FAILURES).flat().length;
  if (total > listed) lines.push(`  … and ${total - listed} that were not tried any more`);
  return lines.join('\n');
}
