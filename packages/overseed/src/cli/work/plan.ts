import { openParts } from '../../project.ts';
import { plan as makePlan } from '../../push.ts';
import type { Call } from '../command.ts';
import type { CONSENT_FLAGS, REPORT_FLAGS, SOURCE_FLAGS } from '../flags.ts';
import { onTargets } from '../on-targets.ts';
import { listOf } from '../parse-flags.ts';
import { inSession } from '../session.ts';
import { withReport } from '../with-report.ts';
import { exitCodeOf } from './exit-code.ts';
import { sourceOptions } from './parts-options.ts';
import { refuseForFleets } from './refuse-for-fleets.ts';

type PlanFlags = Pick<typeof CONSENT_FLAGS, 'allow-cascade' | 'strategy' | 'columns'> &
  typeof SOURCE_FLAGS &
  typeof REPORT_FLAGS & {
    'detailed-exitcode': { type: 'boolean'; help: string };
    out: { type: 'text'; help: string };
  };

export function plan({ flags, positionals }: Call<PlanFlags>): Promise<number> {
  return inSession(flags, (session) => {
    refuseForFleets({ out: flags.out, report: flags.report }, session.places(positionals).length);
    const work = withReport(flags.report, 'plan', async (place, run, watcher) => {
      await using opened = await openParts(place, {
        ...sourceOptions(flags.source, run.signal),
        backup: false,
        allowCascade: listOf(flags['allow-cascade']),
        recheckAssets: flags['recheck-assets'],
        rollbackAssets: false,
        strategy: flags.strategy,
      });
      const outcome = await makePlan(watcher.watch(opened.parts), run, flags.out);
      return exitCodeOf(outcome, { isDetailed: flags['detailed-exitcode'] });
    });
    return onTargets(session, positionals, work);
  });
}
