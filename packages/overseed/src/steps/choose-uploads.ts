/** Which assets must be stored, which the store has already, and which rows no longer use. */
import { markOf, marksIn } from '../assets/content-mark.ts';
import type { Asset, MeasuredAsset } from '../model/asset.ts';
import { OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import { changedRowsOf } from '../plan/changed-rows.ts';
import type { ChangeKind, Comparison } from '../plan/comparison.ts';
import { type LedgerReading, readLedger } from '../pull/read-ledger.ts';
import type { Parts } from './parts.ts';

export interface AssetChanges<A extends MeasuredAsset = MeasuredAsset> {
  /** As it was when the rows were pulled, or later. */
  readonly ledger: LedgerReading | undefined;
  /** In the store, as far as the ledger knows. */
  readonly known: readonly Asset[];
  /** To be stored; some may be there, from a run that was cut off. */
  readonly uploads: readonly A[];
  /** Hashes of assets that rows use again: they are stored, but no row used them lately. */
  readonly usedAgain: readonly string[];
  /** Hashes of assets that rows of the target use now and will not afterwards. */
  readonly unused: readonly string[];
}

/**
 * @param before the ledger as it was before the rows were pulled
 * @param fence of the target when they were
 * @throws TARGET_MOVED when another run named the same files differently meanwhile
 */
export async function chooseUploads(
  { target, assetStore, recheckAssets = false }: Parts,
  before: LedgerReading | undefined,
  { used, comparison, fence }: { used: readonly MeasuredAsset[]; comparison: Comparison; fence: bigint },
  run: Run,
): Promise<AssetChanges> {
  // Whoever held the lease since the ledger was read may have removed what it names, or have made the first one.
  const isStale = before ? before.fence !== fence : fence > 0n && used.length > 0;
  const ledger = isStale ? await readLedger(target, assetStore.name, run.signal) : before;
  const entryOf = ({ hash }: MeasuredAsset) => ledger?.entries.get(hash);
  if (used.some((asset) => (entryOf(asset)?.publicId ?? asset.publicId) !== asset.publicId))
    throw renamed(target.label);
  const missing = used.filter((asset) => !entryOf(asset)?.stored);
  const known = used.flatMap((asset) => {
    const entry = entryOf(asset);
    return entry?.stored ? [{ ...asset, etag: entry.etag }] : [];
  });
  const lost = recheckAssets || !assetStore.lookingCosts ? await assetStore.findLost(known, run.signal) : [];
  return {
    ledger,
    known,
    uploads: [...missing, ...lost],
    usedAgain: known.filter((asset) => entryOf(asset)?.unusedForMs !== undefined).map(({ hash }) => hash),
    unused: ledger && ledger.entries.size > 0 ? findUnused(ledger, used, comparison) : [],
  };
}

/** Assets that changed rows mentioned and mention no more. Rows that do not change may still do: prune looks at all. */
function findUnused(
  { entries }: LedgerReading,
  used: readonly MeasuredAsset[],
  comparison: Comparison,
): readonly string[] {
  const usedHashes = new Set<string>(used.map(({ hash }) => hash));
  const byMark = new Map<string, string>();
  for (const { hash, publicId, unusedForMs } of entries.values()) {
    const mark = markOf(publicId);
    if (mark !== undefined && unusedForMs === undefined && !usedHashes.has(hash)) byMark.set(mark, hash);
  }
  if (byMark.size === 0) return [];
  const unused = new Set<string>();
  for (const mark of marksOfChanges(comparison, 'old', ['delete', 'update', 'replace'])) {
    const hash = byMark.get(mark);
    if (hash !== undefined) unused.add(hash);
  }
  if (unused.size === 0) return [];
  for (const mark of marksOfChanges(comparison, 'new', ['insert', 'update', 'replace'])) {
    const hash = byMark.get(mark);
    if (hash !== undefined) unused.delete(hash);
  }
  return [...unused];
}

function* marksOfChanges(
  comparison: Comparison,
  side: 'old' | 'new',
  kinds: readonly ChangeKind[],
): Generator<string> {
  for (const [index, table] of comparison.scope.entries()) {
    for (const row of changedRowsOf(comparison, table, index, side, kinds)) {
      for (const cell of row) if (typeof cell === 'string') yield* marksIn(cell);
    }
  }
}

function renamed(target: string): OverseedError {
  return new OverseedError('TARGET_MOVED', {
    what: `Another run stored the same files for ${target} under other names while this one was preparing.`,
    state: 'old',
    next: 'Run the same command again: it takes those names.',
  });
}
