import path from 'node:path';
import { backupOfRun, newestBackup, openBackup } from '../../backups/backups.ts';
import { readRuns } from '../../history/read-runs.ts';
import { OverseedError } from '../../model/error.ts';
import type { Run } from '../../model/run.ts';
import { backupParts, openTarget, type Place } from '../../project.ts';
import { plan, push } from '../../push.ts';
import type { Target } from '../../target/target.ts';
import { openBackupParts } from '../../wire.ts';
import type { Call } from '../command.ts';
import type { CONSENT_FLAGS } from '../flags.ts';
import { onTargets } from '../on-targets.ts';
import { listOf } from '../parse-flags.ts';
import { inSession, type Session } from '../session.ts';
import { consentOf } from './consent-of.ts';
import { exitCodeOf } from './exit-code.ts';

type RestoreCall = Call<typeof CONSENT_FLAGS>;

export function restore({ flags, positionals }: RestoreCall): Promise<number> {
  const [file = '', ...targets] = positionals;
  return inSession(flags, (session) =>
    onTargets(session, targets, (place, run) =>
      putBack(session, place, flags, run, async () => path.resolve(file)),
    ),
  );
}

export function undo({ flags, positionals }: RestoreCall): Promise<number> {
  return inSession(flags, (session) =>
    onTargets(session, positionals, (place, run) => putBack(session, place, flags, run, backupOfLastRun)),
  );
}

async function putBack(
  { output, signal }: Session,
  place: Place,
  flags: RestoreCall['flags'],
  run: Run,
  chooseBackup: (target: Target, place: Place, run: Run) => Promise<string>,
): Promise<number> {
  const { config } = place;
  await using target = openTarget(place);
  const file = await chooseBackup(target, place, run);
  const manifest = await openBackup(file);
  using backup = openBackupParts(file, manifest, `backup ${manifest.run}`);
  const parts = {
    ...(await backup.parts(target, config.backups.folder, run)),
    ...backupParts(config, !flags['no-backup']),
    allowCascade: listOf(flags['allow-cascade']),
    ...(flags.strategy && { strategy: flags.strategy }),
  };
  if (flags['dry-run']) return exitCodeOf(await plan(parts, run));
  return exitCodeOf(await push(parts, consentOf(place.target, flags, { output, signal }), run));
}

/**
 * Not simply the newest backup here: that may be of a run that failed after it, or the last run may have been on another
 * machine. Either would put back a state that the last run did not replace.
 */
async function backupOfLastRun(target: Target, { config }: Place, run: Run): Promise<string> {
  const [last] = await readRuns(target, 1, run.signal);
  if (!last) throw noBackup(`Nothing was ever pushed to ${target.label}`, 'There is nothing to undo.');
  const { folder } = config.backups;
  const file = await backupOfRun(folder, target.label, last.runId);
  if (file) return file;
  const newest = await newestBackup(folder, target.label);
  const other = newest
    ? `\`overseed restore FILE\` puts another one back; the newest here is ${path.relative(process.cwd(), newest)}.`
    : `There is none of ${target.label} here.`;
  throw noBackup(
    `The backup of the last run on ${target.label} (${last.runId}, from ${last.source}) is not on this machine`,
    `It was made elsewhere, or not at all: there was no data before, or none was wanted. ${other}`,
  );
}

function noBackup(what: string, next: string): OverseedError {
  return new OverseedError('BACKUP_INVALID', { what: `${what}.`, state: 'old', next });
}
