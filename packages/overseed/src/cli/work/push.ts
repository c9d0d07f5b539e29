import { openParts } from '../../project.ts';
import { plan as makePlan, push as pushParts } from '../../push.ts';
import type { Call } from '../command.ts';
import type { CONSENT_FLAGS, PUSH_FLAGS, REPORT_FLAGS, SOURCE_FLAGS } from '../flags.ts';
import { onTargets } from '../on-targets.ts';
import { listOf } from '../parse-flags.ts';
import { planFiles, reviewedPlan } from '../plan-flags.ts';
import { inSession } from '../session.ts';
import { withReport } from '../with-report.ts';
import { consentOf } from './consent-of.ts';
import { exitCodeOf } from './exit-code.ts';
import { sourceOptions } from './parts-options.ts';
import { refuseForFleets } from './refuse-for-fleets.ts';

type PushFlags = typeof CONSENT_FLAGS & typeof SOURCE_FLAGS & typeof PUSH_FLAGS & typeof REPORT_FLAGS;

export function push({ flags, positionals }: Call<PushFlags>): Promise<number> {
  return inSession(flags, async (session) => {
    const files = planFiles({ out: flags.out, plan: flags.plan }, { changes: !flags['dry-run'] });
    const targets = session.places(positionals).length;
    refuseForFleets({ out: flags.out, plan: flags.plan, report: flags.report }, targets);
    const reviewed = await reviewedPlan(files);
    const work = withReport(flags.report, 'push', async (place, run, watcher) => {
      await using opened = await openParts(place, {
        ...sourceOptions(flags.source, run.signal),
        backup: !flags['no-backup'],
        allowCascade: listOf(flags['allow-cascade']),
        recheckAssets: flags['recheck-assets'],
        rollbackAssets: flags['rollback-assets'],
        strategy: flags.strategy,
      });
      const parts = watcher.watch({ ...opened.parts, ...reviewed });
      if (flags['dry-run']) return exitCodeOf(await makePlan(parts, run, files.out));
      const consent = consentOf(place.target, flags, { ...session, mayAsk: targets === 1 });
      return exitCodeOf(await pushParts(parts, consent, run));
    });
    return onTargets(session, positionals, work);
  });
}
