/** A command is data plus a few lines: what it is for, its flags, one call into the library. */
import type { FlagTypes, ParsedFlags } from './parse-flags.ts';

export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly flags: FlagTypes;
  /** One line a flag or an example, for `--help`. */
  readonly help: readonly string[];
  /** @returns the exit code */
  run(parsed: ParsedFlags): Promise<number>;
}
