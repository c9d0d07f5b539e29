/** A command is data plus a few lines: what it is for, its flags, one call into the library. */
import type { Flags, FlagValues, GLOBAL_FLAGS } from './flags.ts';

export interface Call<F extends Flags = Flags> {
  readonly flags: FlagValues<F & typeof GLOBAL_FLAGS>;
  readonly positionals: readonly string[];
  /** All commands there are, for those that speak about them. */
  readonly commands: readonly Command[];
}

export interface Command<F extends Flags = Flags> {
  readonly name: string;
  /** What stands after the name: `[target…]`. */
  readonly usage: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What else there is to know, a line each. */
  readonly details?: readonly string[];
  readonly flags: F;
  /** Command lines as they would be typed, with what each does. */
  readonly examples: readonly (readonly [command: string, does: string])[];
  /** How many words may stand after the name; any number when it is left out. */
  readonly positionals?: { readonly min: number; readonly max: number };
  /** Its work is imported when it runs, so that `--help` loads nothing. @returns the exit code */
  run(call: Call<F>): Promise<number>;
}

/** Gives the flags of a command their types inside `run`. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  return command as unknown as Command;
}
