/** Strict flags: in a program that replaces data, `--forse` must not be read as nothing. */
import { parseArgs } from 'node:util';
import { messageOf, OverseedError } from '../model/error.ts';
import { nearestName } from '../util/nearest-name.ts';

export type FlagTypes = Readonly<Record<string, 'boolean' | 'string'>>;

export interface ParsedFlags {
  readonly flags: Readonly<Record<string, boolean | string | undefined>>;
  readonly positionals: readonly string[];
}

/** @throws BAD_FLAG naming the flag, and the one that was probably meant */
export function parseFlags(args: readonly string[], types: FlagTypes): ParsedFlags {
  const options = Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }]));
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { flags: values as ParsedFlags['flags'], positionals };
  } catch (error) {
    const flag = args.find((arg) => arg.startsWith('-') && !isKnown(arg, types));
    if (flag === undefined) throw badFlag(`${messageOf(error).split('\n')[0]}.`, error);
    const name = flag.replace(/=.*$/s, '');
    const meant = nearestName(name.replace(/^-+/, ''), Object.keys(types));
    throw badFlag(`${name} is not a known flag${meant ? ` (did you mean --${meant}?)` : ''}.`, error);
  }
}

/** `a, b` as its parts; none when the flag was not given. */
export function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function isKnown(arg: string, types: FlagTypes): boolean {
  return arg.startsWith('--') && arg.slice(2).replace(/=.*$/s, '') in types;
}

function badFlag(what: string, cause: unknown): OverseedError {
  return new OverseedError('BAD_FLAG', {
    what,
    state: 'not-contacted',
    next: 'Correct the command, then run it again.',
    cause,
  });
}
