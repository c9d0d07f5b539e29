/** Which backup takes back the last push: the one that it made, and no other. */
import path from 'node:path';
import { lastRun } from '../apply/last-run.ts';
import { backupOfRun, newestBackup } from '../backups/backups.ts';
import { OverseedError } from '../model/error.ts';
import type { Target } from '../target/target.ts';

/**
 * A run that failed may have left a newer backup, of the state that is there now; and a run that made none, of an empty
 * target or on another machine, must not be taken for an older one.
 * @param folder of the backups
 * @returns path of a sealed backup
 * @throws BACKUP_INVALID when the last push made none here
 */
export async function backupToUndo(folder: string, target: Target, signal: AbortSignal): Promise<string> {
  const last = await lastRun(target, signal);
  const newest = await newestBackup(folder, target.label);
  const wanted = last ? await backupOfRun(folder, target.label, last.id) : newest;
  if (wanted !== undefined) return wanted;
  if (last === undefined || newest === undefined) {
    throw new OverseedError('BACKUP_INVALID', {
      what: `There is no backup of ${target.label} in ${shown(folder)}.`,
      state: 'old',
      next: 'Backups are made before each push that overwrites data, on the machine that pushes.',
    });
  }
  throw new OverseedError('BACKUP_INVALID', {
    what: `The last push to ${target.label} (run ${last.id}, ${last.finished}) left no backup in ${shown(folder)}: it found no data, was told to make none, or ran on another machine.`,
    state: 'old',
    next: `The newest backup here is older than that push. \`overseed restore ${shown(newest)}\` would put it back.`,
  });
}

function shown(file: string): string {
  return path.relative(process.cwd(), file) || '.';
}
