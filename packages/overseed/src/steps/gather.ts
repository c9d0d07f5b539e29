/** Both sides at once: what shall be is built on this machine while what is there is read from the target. */
import { buildDesired } from '../desired/build-desired.ts';
import type { Desired } from '../desired/desired.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Actual } from '../pull/pull-target.ts';
import { countOf } from '../util/count-of.ts';
import type { ScratchFolder } from '../util/scratch-folder.ts';
import { pull } from './last-state.ts';
import type { Parts } from './parts.ts';
import type { Prepared } from './prepare.ts';

export interface Gathered extends Disposable {
  readonly desired: Desired;
  readonly actual: Actual;
}

/** @throws SOURCE_INVALID, ASSET_INVALID */
export async function gather(
  parts: Parts,
  prepared: Prepared,
  scratch: ScratchFolder,
  run: Run,
): Promise<Gathered> {
  // The first failure stops the other side as well.
  const failed = new AbortController();
  const both = { ...run, signal: AbortSignal.any([run.signal, failed.signal]) };
  const guard = <T>(side: Promise<T>): Promise<T> =>
    side.catch((error: unknown) => {
      failed.abort(error);
      throw error;
    });
  const [built, pulled] = await Promise.allSettled([
    guard(build(parts, prepared, scratch, both)),
    guard(pull(parts, prepared, scratch, both)),
  ]);
  if (built.status === 'fulfilled' && pulled.status === 'fulfilled') {
    const desired = built.value;
    return { desired, actual: pulled.value, [Symbol.dispose]: () => desired.database.close() };
  }
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
