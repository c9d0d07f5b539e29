/** Who needs which file: the rows of all targets that share the store, the backups on this machine, and the ledgers. */
import type { AssetStore } from '../assets/asset-store.ts';
import { otherStoresQuestion } from '../assets/ledger/ledger.ts';
import { listBackups } from '../backups/backups.ts';
import { messageOf, OverseedError } from '../model/error.ts';
import type { PrunePlan } from '../model/prune.ts';
import { inStage, type Run } from '../model/run.ts';
import { readLedger } from '../pull/read-ledger.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { readSchema } from '../target/read-schema.ts';
import { ask, type Target } from '../target/target.ts';
import { countOf } from '../util/count-of.ts';
import type { ScratchFolder } from '../util/scratch-folder.ts';
import { marksInFile, tablesOf } from './marks.ts';
import { marksInRows } from './marks-in-rows.ts';
import { Survey } from './survey.ts';

export interface PruneScope {
  /** Every target whose rows may use this store: what one of them uses, stays. */
  readonly targets: readonly Target[];
  readonly assetStore: AssetStore;
  /** Folder of the backups; undefined looks at none. */
  readonly backups: string | undefined;
  /** How long a file stays after the last row has let go of it, in ms. */
  readonly graceMs: number;
}

export interface Findings extends Disposable {
  readonly survey: Survey;
  readonly plan: PrunePlan;
}

/** Changes nothing. @throws BACKUP_INVALID for a backup that cannot be read: what it needs is not known */
export async function lookAround(scope: PruneScope, scratch: ScratchFolder, run: Run): Promise<Findings> {
  const { targets, assetStore, graceMs } = scope;
  const survey = new Survey(scratch.file('survey.db'));
  try {
    let backups = 0;
    await inStage(
      run,
      'scan',
      async () => {
        let rows = 0;
        for (const [index, target] of targets.entries()) {
          const schema = await readSchema(target, run.signal);
          rows += await marksInRows(
            target,
            schema,
            scratch.file(`rows-${index}.db`),
            (marks) => survey.addMarks('rows', marks),
            run,
          );
          backups += await addBackups(scope.backups, target.label, survey, run);
          await addLedger(index, target, assetStore, survey, run);
        }
        survey.complete(assetStore.prefix);
        return rows;
      },
      (rows) => `${countOf(rows, 'row')}${backups > 0 ? `, ${countOf(backups, 'backup')}` : ''}`,
    );
    const plan = survey.plan({
      targets: targets.map(({ label }) => label),
      store: assetStore.label,
      graceMs,
      backups,
    });
    run.emit({ kind: 'prune-planned', plan });
    return { survey, plan, [Symbol.dispose]: () => survey[Symbol.dispose]() };
  } catch (error) {
    survey[Symbol.dispose]();
    throw error;
  }
}

async function addLedger(
  index: number,
  target: Target,
  { name }: AssetStore,
  survey: Survey,
  run: Run,
): Promise<void> {
  const { version, entries } = await readLedger(target, name, run.signal);
  survey.addEntries(index, entries.values());
  if (version === 0) return;
  const [others = []] = await ask(target, [otherStoresQuestion(name)], run.signal);
  for (const [store, count] of others) {
    const files = countOf(Number(count), 'image');
    run.emit({
      kind: 'warning',
      message: `The ledger of ${target.label} also names ${files} in ${String(store)}, which this prune does not look at.`,
    });
  }
}

async function addBackups(
  folder: string | undefined,
  targetLabel: string,
  survey: Survey,
  run: Run,
): Promise<number> {
  const files = folder === undefined ? [] : await listBackups(folder, targetLabel);
  for (const file of files) {
    run.signal.throwIfAborted();
    try {
      using database = new LocalDatabase(file);
      survey.addMarks('backups', marksInFile(database, tablesOf(database)));
    } catch (error) {
      throw new OverseedError('BACKUP_INVALID', {
        what: `The backup ${file} cannot be read (${messageOf(error)}), so nobody knows which images it needs.`,
        state: 'old',
        next: 'Nothing was removed. Put the file right or delete it, then run this again.',
        cause: error,
      });
    }
  }
  return files.length;
}
