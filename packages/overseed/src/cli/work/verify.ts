import { inspectMedia } from '../../doctor/inspect-media.ts';
import { inspectTarget } from '../../doctor/inspect-target.ts';
import type { Run } from '../../model/run.ts';
import { openParts } from '../../project.ts';
import type { Call } from '../command.ts';
import type { REPORT_FLAGS, SOURCE_FLAGS } from '../flags.ts';
import { onTargets } from '../on-targets.ts';
import { inSession } from '../session.ts';
import { showFindings } from '../show-findings.ts';
import { withReport } from '../with-report.ts';
import { sourceOptions } from './parts-options.ts';
import { refuseForFleets } from './refuse-for-fleets.ts';

type VerifyFlags = Pick<typeof SOURCE_FLAGS, 'source'> &
  typeof REPORT_FLAGS & {
    assets: { type: 'boolean'; help: string };
    sample: { type: 'count'; help: string };
  };

export function verify({ flags, positionals }: Call<VerifyFlags>): Promise<number> {
  return inSession(flags, (session) => {
    refuseForFleets({ report: flags.report }, session.places(positionals).length);
    const work = withReport(flags.report, 'verify', async (place, run, watcher) => {
      await using opened = await openParts(place, {
        ...sourceOptions(flags.source, run.signal),
        backup: false,
        allowCascade: [],
        recheckAssets: false,
        rollbackAssets: false,
      });
      const { name } = place.target;
      const { output } = session;
      if (output.format === 'text') output.write(`Is ${name} what ${opened.parts.source.label} says?\n\n`);
      const looking = withoutPlan(run);
      const findings = await inspectTarget(watcher.watch(opened.parts), looking);
      const isWanted = flags.assets || flags.sample !== undefined;
      if (isWanted && Object.keys(opened.parts.assetColumns).length > 0)
        findings.push(await inspectMedia(opened.parts, flags.assets ? undefined : flags.sample, looking));
      watcher.checked(findings);
      if (output.format === 'text') output.write('\n');
      return (await showFindings(findings, output, name)) ? 0 : 1;
    });
    return onTargets(session, positionals, work);
  });
}

/** What would have to change is what the findings are about. */
function withoutPlan(run: Run): Run {
  return { ...run, emit: (event) => event.kind !== 'plan-made' && run.emit(event) };
}
