import { checkDatabase } from '../../doctor/check-database.ts';
import { checkTables } from '../../doctor/check-source.ts';
import { checkStore } from '../../doctor/check-store.ts';
import { checkClock, checkPermission } from '../../doctor/check-target.ts';
import { checkVariables } from '../../doctor/check-variables.ts';
import { type Finding, ok, problem } from '../../doctor/finding.ts';
import { OverseedError } from '../../model/error.ts';
import {
  howToMigrate,
  openProjectSource,
  openStore,
  openTarget,
  type Place,
  variablesOf,
} from '../../project.ts';
import type { Target } from '../../target/target.ts';
import type { Call } from '../command.ts';
import type { SOURCE_FLAGS } from '../flags.ts';
import { onTargets } from '../on-targets.ts';
import { inSession } from '../session.ts';
import { showFindings } from '../show-findings.ts';
import { sourceOptions } from './parts-options.ts';

type DoctorCall = Call<Pick<typeof SOURCE_FLAGS, 'source'>>;

export function doctor({ flags, positionals }: DoctorCall): Promise<number> {
  return inSession(flags, (session) =>
    onTargets(session, positionals, async (place, { signal }) => {
      const { name } = place.target;
      if (session.output.format === 'text') session.output.write(`Is ${name} ready?\n\n`);
      const findings = examine(place, flags.source, signal);
      return (await showFindings(findings, session.output, name)) ? 0 : 1;
    }),
  );
}

/** Each check that can be made is made, whatever the others say. */
async function* examine(
  place: Place,
  source: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  yield ok('node', process.versions.node);
  yield ok('configuration', place.config.label);
  const variables = variablesOf(place);
  yield* checkVariables(place.environment, variables);
  if (variables.url !== undefined && place.environment.get(variables.url) === undefined) return;
  const target = await tried('database', signal, () => openTarget(place));
  if ('status' in target) yield target;
  else {
    await using opened = target;
    yield* examineTarget(opened, place, source, signal);
  }
  yield* examineStore(place, signal);
}

async function* examineTarget(
  target: Target,
  place: Place,
  source: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const database = await checkDatabase(target, signal);
  yield database;
  const opened = await tried('source', signal, () => openProjectSource(place, sourceOptions(source, signal)));
  if (database.status === 'ok') {
    yield await checkPermission(target, signal);
    yield await checkClock(target, signal);
  }
  if ('status' in opened) return yield opened;
  await using owned = opened;
  yield ok('source', owned.source.label);
  if (database.status !== 'ok') return;
  const parts = { source: owned.source, target, howToMigrate: howToMigrate(place.config.root) };
  yield await checkTables(parts, signal);
}

async function* examineStore(place: Place, signal: AbortSignal): AsyncGenerator<Finding> {
  if (Object.keys(place.config.assetColumns).length === 0) return;
  const store = await tried('asset store', signal, () => openStore(place));
  if ('status' in store) return yield store;
  // What is served by the site itself can be fetched only while the site runs.
  if (store.name.startsWith('folder:')) yield ok('asset store', store.label);
  else yield* checkStore(store, signal);
}

async function tried<T>(
  subject: string,
  signal: AbortSignal,
  work: () => T | Promise<T>,
): Promise<T | Finding> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OverseedError)) throw error;
    return problem(subject, error.what, error.next);
  }
}
