import { inspectTarget } from '../../doctor/inspect-target.ts';
import { openParts } from '../../project.ts';
import type { Call } from '../command.ts';
import type { SOURCE_FLAGS } from '../flags.ts';
import { onTargets } from '../on-targets.ts';
import { inSession } from '../session.ts';
import { showFindings } from '../show-findings.ts';
import { sourceOptions } from './parts-options.ts';

export function verify({ flags, positionals }: Call<Pick<typeof SOURCE_FLAGS, 'source'>>): Promise<number> {
  return inSession(flags, (session) =>
    onTargets(session, positionals, async (place, run) => {
      await using opened = await openParts(place, {
        ...sourceOptions(flags.source, run.signal),
        backup: false,
        allowCascade: [],
        recheckAssets: false,
      });
      const findings = await inspectTarget(opened.parts, { ...run, emit: () => undefined });
      const isGood = await showFindings(
        `State of ${place.target.name}`,
        findings,
        session.output,
        place.target.name,
      );
      return isGood ? 0 : 1;
    }),
  );
}
