import { openParts } from '../../project.ts';
import { plan as makePlan, push as pushParts } from '../../push.ts';
import type { Call } from '../command.ts';
import type { CONSENT_FLAGS, SOURCE_FLAGS } from '../flags.ts';
import { onTargets } from '../on-targets.ts';
import { listOf } from '../parse-flags.ts';
import { inSession } from '../session.ts';
import { consentOf } from './consent-of.ts';
import { exitCodeOf } from './exit-code.ts';
import { sourceOptions } from './parts-options.ts';

type PushFlags = typeof CONSENT_FLAGS & typeof SOURCE_FLAGS;

export function push({ flags, positionals }: Call<PushFlags>): Promise<number> {
  return inSession(flags, (session) => {
    const isFleet = session.places(positionals).length > 1;
    return onTargets(session, positionals, async (place, run) => {
      await using opened = await openParts(place, {
        ...sourceOptions(flags.source, run.signal),
        backup: !flags['no-backup'],
        allowCascade: listOf(flags['allow-cascade']),
        recheckAssets: flags['recheck-assets'],
        strategy: flags.strategy,
      });
      if (flags['dry-run']) return exitCodeOf(await makePlan(opened.parts, run));
      const consent = consentOf(place.target, flags, { ...session, mayAsk: !isFleet });
      return exitCodeOf(await pushParts(opened.parts, consent, run));
    });
  });
}
