import path from 'node:path';
import { openBackup } from '../../backups/backups.ts';
import type { Run } from '../../model/run.ts';
import { openTarget, type Place } from '../../project.ts';
import { plan, push } from '../../push.ts';
import type { Target } from '../../target/target.ts';
import { backupToUndo, openBackupParts } from '../../wire.ts';
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
    onTargets(session, positionals, (place, run) =>
      putBack(session, place, flags, run, (target) =>
        backupToUndo(place.config.backups.folder, target, run.signal),
      ),
    ),
  );
}

async function putBack(
  { output, signal }: Session,
  place: Place,
  flags: RestoreCall['flags'],
  run: Run,
  chooseBackup: (target: Target) => Promise<string>,
): Promise<number> {
  const { config } = place;
  await using target = openTarget(place);
  const file = await chooseBackup(target);
  const manifest = await openBackup(file);
  using backup = openBackupParts(file, manifest, path.relative(config.root, file));
  const parts = {
    ...(await backup.parts(target, config.backups.folder, run)),
    ...(flags['no-backup'] && { backups: undefined }),
    allowCascade: listOf(flags['allow-cascade']),
    ...(flags.strategy && { strategy: flags.strategy }),
  };
  if (flags['dry-run']) return exitCodeOf(await plan(parts, run));
  return exitCodeOf(await push(parts, consentOf(place.target, flags, { output, signal }), run));
}
