/** Words after the command → typed flags and positionals. Strict: what is not understood ends the run. */
import { OverseedError } from '../model/error.ts';
import type { Call, Command } from './command.ts';
import { type Flag, type Flags, GLOBAL_FLAGS } from './flags.ts';
import { type FlagTypes, parseFlags } from './parse-flags.ts';

/** @throws BAD_FLAG */
export function readCall(
  { name, usage, flags, positionals: wanted }: Command,
  args: readonly string[],
): Omit<Call, 'commands'> {
  const known: Flags = { ...flags, ...GLOBAL_FLAGS };
  const types = Object.entries(known).map(([flag, { type }]): [string, FlagTypes[string]] => [
    flag,
    type === 'boolean' ? 'boolean' : 'string',
  ]);
  const parsed = parseFlags(args, Object.fromEntries(types));
  const values = Object.entries(known).map(([flag, about]) => [
    flag,
    toValue(flag, about, parsed.flags[flag]),
  ]);
  const { positionals } = parsed;
  // Somebody who asks for help has not finished typing.
  const isHelp = parsed.flags.help === true;
  if (!isHelp && wanted && positionals.length > wanted.max)
    throw badCall(`"${positionals[wanted.max]}" is one word too many.`, name, usage);
  if (!isHelp && wanted && positionals.length < wanted.min)
    throw badCall(`${missingWord(usage, positionals.length)} is missing.`, name, usage);
  return { flags: Object.fromEntries(values), positionals };
}

/** The first word of `usage` for which none was given. */
function missingWord(usage: string, given: number): string {
  return usage.split(' ')[given] ?? 'A word';
}

function toValue(flag: string, { type, choices }: Flag, given: string | boolean | undefined): unknown {
  if (type === 'boolean') return given === true;
  if (typeof given !== 'string') return undefined;
  if (type === 'count') {
    if (/^\d+$/.test(given) && Number.isSafeInteger(Number(given))) return Number(given);
    throw badValue(flag, given, 'a whole number from 0');
  }
  if (choices && !choices.includes(given)) throw badValue(flag, given, choices.join(', '));
  if (given === '') throw badValue(flag, given, 'a value');
  return given;
}

function badValue(flag: string, given: string, wanted: string): OverseedError {
  return new OverseedError('BAD_FLAG', {
    what: `--${flag} cannot be "${given}": it takes ${wanted}.`,
    state: 'not-contacted',
    next: 'Correct the command, then run it again.',
  });
}

function badCall(what: string, name: string, usage: string): OverseedError {
  return new OverseedError('BAD_FLAG', {
    what,
    state: 'not-contacted',
    next: `Usage: overseed ${name} ${usage}`,
  });
}
