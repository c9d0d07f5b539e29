import path from 'node:path';
import { openBackup } from '../../backups/backups.ts';
import type { Run } from '../../model/run.ts';
import { openTarget, type Place } from '../../project.ts';
import { plan, push } from '../../push.ts';
import type { Target } from '../../target/target.ts';
import { backupToUndo, openBackupParts } from '../../wire.ts';
import type { Call } from '../command.ts';
import type { CONSENT_FLAGS, REPORT_FLAGS } from '../flags.ts';
import { onTargets } from '../on-targets.ts';
import { listOf } from '../parse-flags.ts';
import { inSession, type Session } from '../session.ts';
import { type Watcher, withReport } from '../with-report.ts';
import { consentOf } from './consent-of.ts';
import { exitCodeOf } from './exit-code.ts';
import { refuseForFleets } from './refuse-for-fleets.ts';

type RestoreCall = Call<typeof CONSENT_FLAGS & typeof REPORT_FLAGS>;

export function restore({ flags, positionals }: RestoreCall): Promise<number> {
  const [file = '', ...targets] = positionals;
  return onBackups('restore', flags, targets, async () => path.resolve(file));
}

export function undo({ flags, positionals }: RestoreCall): Promise<number> {
  return onBackups('undo', flags, positionals, ({ config }, target, run) =>
    backupToUndo(config.backups.folder, target, run.signal),
  );
}

type ChooseBackup = (place: Place, target: Target, run: Run) => Promise<string>;

function onBackups(
  command: string,
  flags: RestoreCall['flags'],
  targets: readonly string[],
  chooseBackup: ChooseBackup,
): Promise<number> {
  return inSession(flags, (session) => {
    refuseForFleets({ report: flags.report }, session.places(targets).length);
    const work = withReport(flags.report, command, (place, run, watcher) =>
      putBack(session, place, flags, run, watcher, chooseBackup),
    );
    return onTargets(session, targets, work);
  });
}

async function putBack(
  { output, signal }: Session,
  place: Place,
  flags: RestoreCall['flags'],
  run: Run,
  watcher: Watcher,
  chooseBackup: ChooseBackup,
): Promise<number> {
  const { config } = place;
  await using target = openTarget(place);
  const file = await chooseBackup(place, target, run);
  const manifest = await openBackup(file);
  using backup = openBackupParts(file, manifest, path.relative(config.root, file));
  const parts = watcher.watch({
    ...(await backup.parts(target, config.backups.folder, run)),
    ...(flags['no-backup'] && { backups: undefined }),
    allowCascade: listOf(flags['allow-cascade']),
    ...(flags.strategy && { strategy: flags.strategy }),
  });
  if (flags['dry-run']) return exitCodeOf(await plan(parts, run));
  return exitCodeOf(await push(parts, consentOf(place.target, flags, { output, signal }), run));
}
