/** What most commands begin with: the configuration, and the targets that were named. */
import path from 'node:path';
import { astroSiteConfig } from '../config/astro-site.ts';
import type { Config, TargetChoice } from '../config/config.ts';
import { findConfig } from '../config/find-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { OverseedError } from '../model/error.ts';
import { type Place, placeOf } from '../project.ts';
import { nearestName } from '../util/nearest-name.ts';
import type { Call } from './command.ts';
import { chooseOutput, type Output } from './output.ts';
import { withInterrupts } from './run-command.ts';

const DEFAULT_TARGET = 'local';

export interface Session {
  readonly config: Config;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** The targets that were named, or else the default one. A fleet stands for all of its targets. */
  places(names: readonly string[]): Place[];
}

/** Runs `work` with the configuration of the project. @returns the exit code */
export function inSession(
  flags: Call['flags'] & { readonly columns?: boolean },
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const output = chooseOutput(flags);
  return withInterrupts(output, async (signal) => {
    const config = await projectConfig(flags.config, process.cwd());
    return work({
      config,
      output,
      signal,
      places: (names) => chooseTargets(config, names).map((target) => placeOf(config, target, flags.env)),
    });
  });
}

async function projectConfig(given: string | undefined, cwd: string): Promise<Config> {
  const file = given === undefined ? findConfig(cwd) : path.resolve(given);
  const config = file === undefined ? astroSiteConfig(cwd) : await loadConfig(file, cwd);
  if (config) return config;
  throw new OverseedError('CONFIG_INVALID', {
    what: `There is no overseed.config.ts (or .mts, .js, .mjs, .json) in ${cwd} or in a folder above.`,
    state: 'not-contacted',
    next: '`overseed init` writes one for what it finds; --config names one elsewhere.',
  });
}

function chooseTargets({ targets, fleets, label }: Config, names: readonly string[]): TargetChoice[] {
  const chosen = new Map<string, TargetChoice>();
  for (const name of names.length > 0 ? names : [DEFAULT_TARGET]) {
    for (const member of fleets.get(name) ?? [name]) {
      const target = targets.get(member);
      if (!target) throw unknownTarget(name, [...targets.keys(), ...fleets.keys()], label);
      chosen.set(member, target);
    }
  }
  return [...chosen.values()];
}

function unknownTarget(name: string, known: readonly string[], label: string): OverseedError {
  const meant = nearestName(name, known);
  return new OverseedError('BAD_FLAG', {
    what: `"${name}" is not a target of ${label}${meant ? ` (did you mean ${meant}?)` : ''}.`,
    state: 'not-contacted',
    next: known.length > 0 ? `Its targets: ${known.join(', ')}.` : 'Add it to `targets` there.',
  });
}
