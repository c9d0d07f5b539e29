import { readRuns } from '../../history/read-runs.ts';
import { openTarget } from '../../project.ts';
import type { Call } from '../command.ts';
import { onTargets } from '../on-targets.ts';
import { historyLines } from '../render/history.ts';
import { jsonLine } from '../render/json.ts';
import { inSession } from '../session.ts';

/** Runs that are listed when nobody says how many. */
const LISTED = 20;

export function history({
  flags,
  positionals,
}: Call<{ limit: { type: 'count'; help: string } }>): Promise<number> {
  return inSession(flags, (session) =>
    onTargets(session, positionals, async (place, { signal }) => {
      const { output } = session;
      await using target = openTarget(place);
      const runs = await readRuns(target, flags.limit ?? LISTED, signal);
      if (output.format === 'json') {
        for (const run of runs) output.write(jsonLine({ kind: 'recorded-run', ...run }, place.target.name));
      } else for (const line of historyLines(target.label, runs, output.width)) output.write(`${line}\n`);
      return 0;
    }),
  );
}
