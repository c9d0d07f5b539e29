import { backUpTarget } from '../../copy.ts';
import { openTarget } from '../../project.ts';
import type { Call } from '../command.ts';
import { onTargets } from '../on-targets.ts';
import { inSession } from '../session.ts';
import { showCopy } from '../show-copy.ts';
import { copyScope } from './copy-scope.ts';

export function backup({
  flags,
  positionals,
}: Call<{ all: { type: 'boolean'; help: string } }>): Promise<number> {
  return inSession(flags, (session) =>
    onTargets(session, positionals, async (place, run) => {
      await using target = openTarget(place);
      const scope = await copyScope(place, flags.all, run.signal);
      const sealed = await backUpTarget(target, scope, place.config.backups.folder, run);
      showCopy(sealed, undefined, 'backed-up', place, session.output);
      return 0;
    }),
  );
}
