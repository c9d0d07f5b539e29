/** Both sides at once: what shall be is built on this machine while what is there is read from the target. */
import { buildDesired } from '../desired/build-desired.ts';
import type { Desired } from '../desired/desired.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Actual } from '../pull/pull-target.ts';
import { countOf } from '../util/count-of.ts';
import type { ScratchFolder } from '../util/scratch-folder.ts';
import type { ExpectedPages } from '../verify/expected-pages.ts';
import { expectPages } from '../verify/find-differences.ts';
import { needsNothing } from './compare.ts';
import { pull } from './last-state.ts';
import type { Parts } from './parts.ts';
import type { Prepared } from './prepare.ts';

export interface Gathered extends Disposable {
  readonly desired: Desired;
  readonly actual: Actual;
  /** Of the desired rows, for the proof; undefined where none follows, or it does without. */
  readonly pages: ExpectedPages | undefined;
}

/**
 * @param willProve whether the target is going to be compared with the desired rows once more
 * @throws SOURCE_INVALID, ASSET_INVALID
 */
export async function gather(
  parts: Parts,
  prepared: Prepared,
  scratch: ScratchFolder,
  run: Run,
  { willProve = false } = {},
): Promise<Gathered> {
  // The first failure stops the other side as well.
  const failed = new AbortController();
  const both = { ...run, signal: AbortSignal.any([run.signal, failed.signal]) };
  const guard = <T>(side: Promise<T>): Promise<T> =>
    side.catch((error: unknown) => {
      failed.abort(error);
      throw error;
    });
  let pages: ExpectedPages | undefined;
  const buildAndPrint = async () => {
    const desired = await build(parts, prepared, scratch, both);
    if (willProve) pages = expectPages(desired, parts.target, run.signal);
    // Unless something of what is pulled goes into them, the rows are settled; and the pull mostly takes longer.
    if (needsNothing(desired, prepared)) pages?.begin();
    return desired;
  };
  const [built, pulled] = await Promise.allSettled([
    guard(buildAndPrint()),
    guard(pull(parts, prepared, scratch, both)),
  ]);
  if (built.status === 'fulfilled' && pulled.status === 'fulfilled') {
    const desired = built.value;
    const close = () => {
      pages?.[Symbol.dispose]();
      desired.database.close();
    };
    return { desired, actual: pulled.value, pages, [Symbol.dispose]: close };
  }
  pages?.[Symbol.dispose]();
  if (built.status === 'fulfilled') built.value.database.close();
  throw failed.signal.reason;
}

function build(
  { source, assetColumns, assetStore }: Parts,
  { tables, scope, ledger: reading }: Prepared,
  scratch: ScratchFolder,
  run: Run,
): Promise<Desired> {
  return inStage(
    run,
    'build',
    async () => {
      const file = scratch.file('desired.db');
      const ledger = reading?.entries ?? new Map();
      const built = await buildDesired({ source, tables, assetColumns, assetStore, ledger, file }, run);
      return { ...built, tables: scope };
    },
    ({ rowCount, assets }) =>
      `${countOf(rowCount, 'row')}${assets.length > 0 ? `, ${countOf(assets.length, 'file')}` : ''}`,
  );
}
