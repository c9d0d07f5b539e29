/** One target, or many at once: each has its own story and its own end, and all together have one exit code. */
import type { Event } from '../model/event.ts';
import { type Run, startRun } from '../model/run.ts';
import { type Place, variablesOf } from '../project.ts';
import { reportFailure } from './output.ts';
import { ownCommand } from './own-command.ts';
import { unwrap } from './render/failure.ts';
import { type FleetEntry, fleetLines } from './render/fleet.ts';
import { failureLine } from './render/json.ts';
import { emitterFor } from './run-command.ts';
import type { Session } from './session.ts';

/** Targets that are worked on at the same time. */
const TARGETS_AT_ONCE = 4;

/** @returns its exit code */
export type TargetWork = (place: Place, run: Run) => Promise<number>;

/** @throws OverseedError when there is one target and it fails */
export async function onTargets(
  session: Session,
  names: readonly string[],
  work: TargetWork,
): Promise<number> {
  const places = session.places(names);
  const [only] = places;
  if (only && places.length === 1) return begin(only, runFor(session, only), work);
  return onFleet(session, places, work);
}

/** Where two addresses are at hand, people shall know that they do not get the one in their file. */
function begin(place: Place, run: Run, work: TargetWork): Promise<number> {
  const { url } = variablesOf(place);
  if (url !== undefined && place.environment.isOverridden(url)) {
    const message = `${url} of the environment is used, not the one in the env file of ${place.target.name}.`;
    run.emit({ kind: 'warning', message });
  }
  return work(place, run);
}

function runFor({ output, signal }: Session, { target }: Place, heard?: (event: Event) => void): Run {
  const emit = emitterFor(output, textsOf(target.name, target.isProtected));
  return startRun({
    signal,
    emit(event) {
      heard?.(event);
      emit(event);
    },
  });
}

export function textsOf(targetName: string, isProtected: boolean) {
  return {
    targetName,
    isProtected,
    undoCommand: () => `${ownCommand()} undo ${targetName} --force`,
    howToOverwrite: 'Add --force to replace it, or --dry-run to see what would change.',
  };
}

async function onFleet(session: Session, places: readonly Place[], work: TargetWork): Promise<number> {
  const { output, signal } = session;
  const entries: FleetEntry[] = [];
  const queue = [...places];
  async function takeTurns(): Promise<void> {
    for (let place = queue.shift(); place && !signal.aborted; place = queue.shift())
      entries.push(await onMember(session, place, work));
  }
  await Promise.all(Array.from({ length: TARGETS_AT_ONCE }, takeTurns));
  signal.throwIfAborted();
  const inOrder = places.flatMap(({ target }) => entries.filter(({ name }) => name === target.name));
  if (output.format === 'text')
    output.write(
      fleetLines(inOrder, output)
        .map((line) => `${line}\n`)
        .join(''),
    );
  return worst(inOrder.map(({ exitCode }) => exitCode));
}

/** Its lines come together, when it has ended: those of several targets would be a muddle. */
async function onMember(session: Session, place: Place, work: TargetWork): Promise<FleetEntry> {
  const { name } = place.target;
  const said: string[] = [];
  const isText = session.output.format === 'text';
  const output = isText
    ? { ...session.output, isTerminal: false, write: (text: string) => void said.push(text) }
    : session.output;
  const start = performance.now();
  let outcome: FleetEntry['outcome'];
  const run = runFor({ ...session, output }, place, (event) => {
    if (event.kind === 'run-finished') outcome = event.outcome;
  });
  const finish = (rest: Pick<FleetEntry, 'exitCode' | 'failure'>): FleetEntry => {
    if (isText) session.output.write(`${said.join('')}\n`);
    return { name, outcome, ms: performance.now() - start, ...rest };
  };
  try {
    return finish({ exitCode: await begin(place, run, work) });
  } catch (error) {
    session.signal.throwIfAborted();
    const failure = unwrap(error);
    const entry = finish({ exitCode: failure.exitCode, failure });
    if (output.format === 'json') output.write(failureLine(failure, name));
    else reportFailure(failure, output);
    return entry;
  }
}

/** What failed matters more than what was refused, and that more than what is left to do. */
const BY_WEIGHT = [130, 1, 5, 4, 3, 2, 0];

function worst(codes: readonly number[]): number {
  return BY_WEIGHT.find((code) => codes.includes(code)) ?? 1;
}
