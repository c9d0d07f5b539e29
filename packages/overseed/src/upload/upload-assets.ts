/**
 * Stores the assets that the target's ledger does not know. Nothing live refers to them yet, so stopping anywhere
 * leaves at most files too many. Every failure is collected: the error names each file with its reason.
 */
import type { Arrival, AssetStore, PutResult } from '../assets/asset-store.ts';
import type { Asset } from '../model/asset.ts';
import type { UploadTally } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';
import { runJobs } from './job-queue.ts';
import { RETRY_POLICY, type RetryPolicy } from './retry-policy.ts';
import { refused, UploadFailed } from './upload-failure.ts';

/** What Cloudinary names as the default of ordinary accounts; others are found out by asking for more. */
const START_AT = 10;

export interface UploadOptions {
  readonly policy?: Partial<RetryPolicy>;
  /** Whether what is stored stays there after a failure; for the message. Default true. */
  readonly keepsStored?: boolean;
  /** Told of each attempt before it is made. */
  readonly onBegin?: (asset: Asset) => void;
  /** Told of each asset that the store has proved to hold. */
  readonly onStored?: (
    asset: Asset,
    how: PutResult,
    /** What the store made of it, if it did. */ arrival: Arrival | undefined,
  ) => void;
}

/**
 * The store must have been prepared for `assets`. After an abort no further upload begins; files already stored stay, and
 * harm nobody.
 * @throws ASSETS_FAILED, STORE_AUTH
 */
export async function uploadAssets(
  assets: readonly Asset[],
  store: AssetStore,
  run: Run,
  { policy, onBegin, onStored, keepsStored = true }: UploadOptions = {},
): Promise<UploadTally> {
  const tally = { uploaded: 0, alreadyThere: 0, bytes: 0, retries: 0 };
  const limit = new AdaptiveLimit({ startAt: START_AT, max: store.maxConcurrency });
  let done = 0;
  const report = await runJobs(
    assets,
    async (asset, signal) => {
      onBegin?.(asset);
      const start = performance.now();
      const answer = await store.put(asset, signal);
      const ms = performance.now() - start;
      const arrival = typeof answer === 'string' ? undefined : answer;
      const how = typeof answer === 'string' ? answer : answer.result;
      if (how === 'stored') tally.bytes += asset.sizeBytes;
      tally[how === 'stored' ? 'uploaded' : 'alreadyThere']++;
      onStored?.(asset, how, arrival);
      const { path, sizeBytes: bytes } = asset;
      run.emit({ kind: 'file-stored', path, bytes, ms, atOnce: limit.running, result: how });
      run.emit({
        kind: 'stage-progress',
        stage: 'upload',
        done: ++done,
        total: assets.length,
        unit: 'files',
      });
    },
    {
      count: assets.length,
      limit,
      policy: { ...RETRY_POLICY, ...policy },
      signal: run.signal,
      onRetry({ path }, attempt, { message: reason }, waitMs) {
        tally.retries++;
        run.emit({ kind: 'upload-retried', path, attempt, reason, waitMs });
      },
    },
  );
  run.signal.throwIfAborted();
  const refusal = report.failures.find(({ error }) => error.kind === 'credentials');
  if (refusal) throw refused(store, refusal.error);
  if (report.failures.length + report.untried > 0) {
    throw new UploadFailed({ store: store.label, total: assets.length, keepsStored }, report);
  }
  return tally;
}
