import type { AssetStore } from '../../assets/asset-store.ts';
import { OverseedError } from '../../model/error.ts';
import { startRun } from '../../model/run.ts';
import { openTarget, openWholeStore, type Place, placeOf } from '../../project.ts';
import { GRACE_MS, type PruneScope, planPrune, prune as pruneStore } from '../../prune.ts';
import type { Target } from '../../target/target.ts';
import { AsyncCleanup } from '../../util/async-cleanup.ts';
import type { Call } from '../command.ts';
import { textsOf } from '../on-targets.ts';
import { ownCommand } from '../own-command.ts';
import { parseDuration } from '../parse-duration.ts';
import { emitterFor } from '../run-command.ts';
import { inSession, type Session } from '../session.ts';

type PruneCall = Call<{
  yes: { type: 'boolean'; help: string };
  grace: { type: 'text'; help: string };
  alone: { type: 'boolean'; help: string };
}>;

export function prune({ flags, positionals }: PruneCall): Promise<number> {
  return inSession(flags, async (session) => {
    const graceMs = flags.grace === undefined ? GRACE_MS : parseDuration(flags.grace, 'grace');
    const places = session.places(positionals);
    const assetStore = sharedStore(places);
    if (!flags.alone) refuseStrangers(session, places, assetStore);
    await using cleanup = new AsyncCleanup();
    const targets: Target[] = [];
    for (const place of places) targets.push(cleanup.use(openTarget(place)));
    const scope: PruneScope = { targets, assetStore, backups: session.config.backups.folder, graceMs };
    const names = places.map(({ target }) => target.name).join(' ');
    const run = startRun({
      signal: session.signal,
      emit: emitterFor(session.output, textsOf(names, false)),
    });
    if (flags.yes) await pruneStore(scope, run);
    else {
      const { remove } = await planPrune(scope, run);
      if (session.output.format === 'text')
        session.output.write(
          remove.files > 0
            ? `Nothing was removed. \`${ownCommand()} prune ${names} --yes\` removes them.\n`
            : 'There is nothing to remove.\n',
        );
    }
    return 0;
  });
}

/** @throws BAD_FLAG when the targets keep their files in different places */
function sharedStore(places: readonly Place[]): AssetStore {
  const [first, ...others] = places.map((place) => openWholeStore(place));
  const other = others.findIndex((store) => first !== undefined && !isSame(store, first));
  if (first !== undefined && other < 0) return first;
  throw new OverseedError('BAD_FLAG', {
    what: `${places[0]?.target.name} and ${places[other + 1]?.target.name} keep their files in different places.`,
    state: 'not-contacted',
    next: 'Prune them one after the other.',
  });
}

/** Rows of a target that is not looked at may use the same files. @throws CONFIG_INVALID naming such targets */
function refuseStrangers({ config }: Session, places: readonly Place[], store: AssetStore): void {
  const named = new Set(places.map(({ target }) => target.name));
  const strangers = [...config.targets.values()].filter(
    (target) => !named.has(target.name) && mayUse(placeOf(config, target), store),
  );
  if (strangers.length === 0) return;
  const names = strangers.map(({ name }) => name).join(', ');
  throw new OverseedError('CONFIG_INVALID', {
    what: `${names} may use the same folder of ${store.label}: what only its rows need would be removed.`,
    state: 'not-contacted',
    next: `Name it as well, give it a folder of its own in the store, or say with --alone that it uses none of this one.`,
  });
}

function mayUse(place: Place, store: AssetStore): boolean {
  try {
    return isSame(openWholeStore(place), store);
  } catch (error) {
    // Without its variables nobody knows which store it uses.
    if (error instanceof OverseedError) return true;
    throw error;
  }
}

function isSame(one: AssetStore, other: AssetStore): boolean {
  return one.name === other.name && one.prefix === other.prefix;
}
