import { sealBackup, thinOut } from '../backups/backups.ts';
import type { Plan } from '../model/plan.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Actual } from '../pull/pull-target.ts';
import { countOf } from '../util/count-of.ts';
import type { Parts } from './parts.ts';

/** Seals what the target holds. @returns path of the backup; undefined when there is nothing, or none is wanted */
export async function backUp(
  { backups, target }: Parts,
  actual: Actual,
  plan: Plan,
  run: Run,
): Promise<string | undefined> {
  if (backups === undefined || actual.rowCount === 0) return undefined;
  return inStage(
    run,
    'backup',
    () =>
      sealBackup(backups, {
        file: actual.file,
        sha256: actual.sha256,
        tables: actual.tables.map((table, index) => ({ table, rows: plan.tables[index]?.rowsBefore ?? 0 })),
        target: target.label,
        runId: run.id,
        createdAt: run.startedAt,
      }),
    () => `${countOf(actual.rowCount, 'row')} sealed`,
  );
}

/** After a success: old backups go. A failure to remove one harms nothing but the disk. */
export async function thinOutBackups({ backups, target, retention }: Parts, run: Run): Promise<void> {
  if (backups === undefined) return;
  try {
    await thinOut(backups, target.label, retention ?? {}, run.startedAt);
  } catch (error) {
    run.emit({ kind: 'warning', message: `Old backups could not be removed: ${String(error)}` });
  }
}
