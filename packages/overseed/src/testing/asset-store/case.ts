/** One promise of the contract, and what its case is given. */
import { randomBytes } from 'node:crypto';
import type { AssetStore, StoredAsset } from '../../assets/asset-store.ts';
import { chunksOf } from '../../util/chunks.ts';
import { type ScratchFolder, scratchFolder } from '../../util/scratch-folder.ts';
import type { AssetStoreHarness } from './harness.ts';

export interface ContractCase {
  /** The promise, in words. */
  readonly name: string;
  /** @throws AssertionError when the store breaks it */
  run(): Promise<void>;
}

/** A promise, before it is known which store shall keep it. */
export interface Promised {
  readonly name: string;
  /** What the harness must offer. */
  readonly needs?: 'tamper' | 'wrongSecret';
  run(bench: Bench): Promise<void>;
}

/** Where one case works: a prefix and a folder of its own, both empty before and after. */
export interface Bench {
  readonly store: AssetStore;
  readonly harness: AssetStoreHarness;
  readonly scratch: ScratchFolder;
  readonly signal: AbortSignal;
  /** Another store on the same place. What it holds is removed afterwards, too. */
  open(prefix: string): Promise<AssetStore>;
}

/** No case takes this long; one that hangs is told to stop. */
const CASE_MS = 120_000;

export function caseWith(harness: AssetStoreHarness, { name, run }: Promised): ContractCase {
  return {
    name,
    async run() {
      await using scratch = await scratchFolder();
      const opened: AssetStore[] = [];
      const open = async (prefix: string) => {
        const store = await harness.open(prefix);
        opened.push(store);
        return store;
      };
      // Runs at the same time, and leftovers of broken ones, must not meet.
      const store = await open(`contract-${randomBytes(6).toString('hex')}`);
      const signal = AbortSignal.timeout(CASE_MS);
      await run({ store, harness, scratch, open, signal });
      for (const used of opened) await clear(used);
    },
  };
}

/** Everything under the store's prefix. */
export async function listAll(store: AssetStore, signal: AbortSignal): Promise<StoredAsset[]> {
  const all: StoredAsset[] = [];
  for await (const page of store.list(signal)) all.push(...page);
  return all;
}

async function clear(store: AssetStore): Promise<void> {
  const signal = AbortSignal.timeout(CASE_MS);
  for (const chunk of chunksOf(await listAll(store, signal), store.removesAtOnce)) {
    await store.remove(chunk, signal);
  }
}
