/**
 * Files on their way into the store, with the ledger kept in step: what is meant to be stored is written down before the
 * first byte leaves, so nothing can be in the store that the target does not know of, whenever the power goes.
 */
import type { Arrival, AssetStore } from '../assets/asset-store.ts';
import { enterMeant, recordStored, stopClock } from '../assets/ledger/changes.ts';
import type { Lease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import type { Asset, ContentHash } from '../model/asset.ts';
import { OverseedError } from '../model/error.ts';
import type { UploadTally } from '../model/outcome.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Target } from '../target/target.ts';
import { type UploadOptions, uploadAssets } from '../upload/upload-assets.ts';
import { chunksOf } from '../util/chunks.ts';
import { countOf } from '../util/count-of.ts';
import type { AssetChanges } from './choose-uploads.ts';
import type { Parts } from './parts.ts';
import { removeUploads, type Sent } from './remove-uploads.ts';
import { upgradeLedger } from './upgrade-ledger.ts';

/** Statements of the ledger in one request; some 2 MB. */
const STATEMENTS_A_REQUEST = 4;
/** For the last words of a run that has failed, in ms. */
const SETTLE_MS = 30_000;

/** One run's uploads. Files that are stored need not be stored again when the rows are planned again. */
export class Uploads {
  readonly #target: Target;
  readonly #store: AssetStore;
  readonly #options: UploadOptions;
  readonly #afterFailure: 'keep' | 'remove';
  /** Proved to be in the store. */
  readonly #stored = new Set<string>();
  /** By hash: what this run has begun to send, and did not find there. */
  readonly #sent = new Map<string, Sent>();
  /** What the store made of those that it transformed. */
  readonly #arrivals = new Map<ContentHash, Arrival>();
  #tally: UploadTally = { uploaded: 0, alreadyThere: 0, bytes: 0, retries: 0 };

  constructor({ target, assetStore, uploads = {} }: Parts) {
    this.#target = target;
    this.#store = assetStore;
    this.#afterFailure = uploads.afterFailure ?? 'keep';
    this.#options = {
      ...(uploads.policy ? { policy: uploads.policy } : {}),
      keepsStored: this.#afterFailure === 'keep',
      onBegin: (asset) => {
        if (!this.#sent.has(asset.hash)) this.#sent.set(asset.hash, { asset, isProved: false });
      },
      onStored: (asset, how, arrival) => {
        if (arrival) this.#arrivals.set(asset.hash, arrival);
        this.#stored.add(asset.hash);
        if (how === 'stored') this.#sent.set(asset.hash, { asset, isProved: true });
        else this.#sent.delete(asset.hash);
      },
    };
  }

  /** Stores what is not stored yet. Under the lease, because others must not remove it meanwhile. */
  async store(changes: AssetChanges<Asset>, lease: Lease, run: Run): Promise<UploadTally> {
    const { uploads } = changes;
    await this.#enter(changes, lease, run);
    const missing = uploads.filter(({ hash }) => !this.#stored.has(hash));
    if (missing.length === 0) return this.#tally;
    const tally = await inStage(run, 'upload', () => this.#upload(missing, changes, run), describeUploads);
    this.#tally = {
      uploaded: this.#tally.uploaded + tally.uploaded,
      alreadyThere: this.#tally.alreadyThere + tally.alreadyThere,
      bytes: this.#tally.bytes + tally.bytes,
      retries: this.#tally.retries + tally.retries,
    };
    return this.#tally;
  }

  async #enter(
    { ledger, uploads, usedAgain, unused }: AssetChanges<Asset>,
    lease: Lease,
    run: Run,
  ): Promise<void> {
    if (uploads.length + usedAgain.length + unused.length === 0) return;
    const { name } = this.#store;
    await upgradeLedger(this.#target, ledger?.version ?? 0, lease, run);
    const statements = [...enterMeant(uploads, name, run.id), ...stopClock(usedAgain, name, run.id)];
    for (const some of chunksOf(statements, STATEMENTS_A_REQUEST))
      await writeUnderLease(this.#target, lease, some, run);
  }

  async #upload(missing: readonly Asset[], { ledger }: AssetChanges<Asset>, run: Run): Promise<UploadTally> {
    const there = await this.#findFromEarlier(missing, ledger, run);
    for (const { hash } of there) this.#stored.add(hash);
    const rest = missing.filter(({ hash }) => !this.#stored.has(hash));
    const tally = await uploadAssets(rest, this.#store, run, this.#options);
    return { ...tally, alreadyThere: tally.alreadyThere + there.length };
  }

  /** Those that a run which was cut off has stored: the store tells it for a hundred at a time. */
  async #findFromEarlier(
    missing: readonly Asset[],
    ledger: AssetChanges['ledger'],
    run: Run,
  ): Promise<readonly Asset[]> {
    // What the store has made of an asset it says only when the asset is sent.
    const meant = missing.filter(
      ({ hash, incoming }) => !incoming && ledger?.entries.get(hash)?.stored === false,
    );
    if (meant.length === 0) return [];
    try {
      const lost = new Set(await this.#store.findLost(meant, run.signal));
      return meant.filter((asset) => !lost.has(asset));
    } catch (error) {
      if (!(error instanceof OverseedError) || error.code !== 'STORE_QUOTA') throw error;
      // It answers no questions for now. Storing again is harmless: it finds what is there.
      return [];
    }
  }

  /** Those that the store has transformed, as it holds them: with other bytes than their files. */
  transformed(assets: readonly Asset[]): readonly Asset[] {
    return assets.flatMap((asset) => {
      const facts = this.#arrivals.get(asset.hash);
      if (!facts) return [];
      const { etag, sizeBytes, width, height } = facts;
      return [{ ...asset, etag, sizeBytes, width, height }];
    });
  }

  /** All of them, as the store holds them. */
  asStored(assets: readonly Asset[]): readonly Asset[] {
    const transformed = new Map(this.transformed(assets).map((asset) => [asset.hash, asset]));
    return assets.map((asset) => transformed.get(asset.hash) ?? asset);
  }

  /**
   * After the failure of the whole run: what was stored is kept for the next run, or removed. Does its best and throws
   * nothing, because a failure is being reported already; what it leaves behind the next run or a prune finds.
   */
  async settle(run: Run): Promise<void> {
    if (this.#stored.size + this.#sent.size === 0) return;
    const last: Run = { ...run, signal: AbortSignal.timeout(SETTLE_MS) };
    try {
      if (this.#afterFailure === 'remove') {
        const removed = await removeUploads(this.#target, this.#store, [...this.#sent.values()], last);
        if (removed === 0) return;
        run.emit({
          kind: 'warning',
          message: `${countOf(removed, 'file')} of this run removed from the store again.`,
        });
      } else {
        const statements = recordStored([...this.#stored.keys()], this.#store.name, run.id);
        for (const some of chunksOf(statements, STATEMENTS_A_REQUEST))
          await this.#target.write(some, last.signal);
      }
    } catch (error) {
      if (this.#afterFailure === 'keep') return; // Then the next run asks the store for them.
      run.emit({
        kind: 'warning',
        message: `Files of this run are still in the store, and \`prune\` will find them: ${String(error)}`,
      });
    }
  }
}

function describeUploads({ uploaded, alreadyThere, retries }: UploadTally): string {
  const parts = [`${countOf(uploaded, 'file')} stored`];
  if (alreadyThere > 0) parts.push(`${alreadyThere} were there`);
  if (retries > 0) parts.push(countOf(retries, 'retry', 'retries'));
  return parts.join(', ');
}
