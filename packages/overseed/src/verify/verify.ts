/** The proof: the target is read again on a fresh connection and compared, the new assets are asked for. */
import type { AssetStore } from '../assets/asset-store.ts';
import type { Desired } from '../desired/desired.ts';
import type { Asset } from '../model/asset.ts';
import { OverseedError } from '../model/error.ts';
import type { Proof } from '../model/outcome.ts';
import type { TablePlan } from '../model/plan.ts';
import type { Run } from '../model/run.ts';
import type { Target } from '../target/target.ts';
import { checkPatiently } from './check-patiently.ts';
import type { ExpectedPages } from './expected-pages.ts';
import { findDifferences } from './find-differences.ts';

const CHECKS_AT_ONCE = 10;

export interface Verified {
  readonly proof: Proof;
  /** What the target calls the state that equals the desired one; undefined when it cannot say. */
  readonly version: string | undefined;
}

/** @throws VERIFY_FAILED naming what differs */
export async function verify(
  desired: Desired,
  pages: ExpectedPages | undefined,
  target: Target,
  files: { readonly pulled: string; readonly changes: string },
  store: AssetStore,
  assets: readonly Asset[],
  run: Run,
): Promise<Verified> {
  const { different, rows, version } = await findDifferences(desired, pages, target, files, 'verify', run);
  if (different.length > 0) throw rowsDiffer(target, different);
  await checkAssets(store, assets, run);
  return { proof: { tables: rows, assetsChecked: assets.length }, version };
}

/** @throws VERIFY_FAILED naming the files that do not answer with their bytes */
export async function checkAssets(store: AssetStore, assets: readonly Asset[], run: Run): Promise<void> {
  const queue = [...assets];
  const wrong: string[] = [];
  let done = 0;
  async function work(): Promise<void> {
    for (let asset = queue.shift(); asset; asset = queue.shift()) {
      const problem = await checkPatiently(store, asset, { depth: 'headers', longestWaitMs: 3_000 }, run);
      if (problem) wrong.push(`  ${asset.path} (${store.urlOf(asset)}): ${problem}`);
      run.emit({
        kind: 'stage-progress',
        stage: 'verify',
        done: ++done,
        total: assets.length,
        unit: 'files',
      });
    }
  }
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, work));
  if (wrong.length === 0) return;
  throw new OverseedError('VERIFY_FAILED', {
    what: `${wrong.length} of ${assets.length} files do not answer at their URL:\n${wrong.join('\n')}`,
    state: 'new',
    next: 'Run the same command again; if it stays so, look at the store.',
  });
}

function rowsDiffer(target: Target, tables: readonly TablePlan[]): OverseedError {
  const lines = tables.map(
    ({ table, inserts, updates, deletes }) =>
      `  ${table}: ${inserts} missing, ${updates} different, ${deletes} too many`,
  );
  return new OverseedError('VERIFY_FAILED', {
    what: `${target.label} and the source differ:\n${lines.join('\n')}`,
    state: 'unknown',
    next: 'Somebody else may be writing to it. Run the same command again.',
  });
}
