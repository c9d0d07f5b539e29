/** How to speak: to a person or a program, in colour or not, on a terminal or into a log. */
import type { OverseedError } from '../model/error.ts';
import { failureAnnotation, failureText } from './render/failure.ts';
import { failureLine } from './render/json.ts';

export interface Output {
  readonly format: 'text' | 'json' | 'quiet';
  readonly isVerbose: boolean;
  /** Changes by column are listed. */
  readonly showColumns: boolean;
  readonly color: boolean;
  /** Columns of text. */
  readonly width: number;
  /** Whether what was written can be written over. */
  readonly isTerminal: boolean;
  /** Whether GitHub Actions reads along: groups and annotations. */
  readonly isGitHub: boolean;
  write(text: string): void;
}

export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly columns?: boolean;
  readonly 'no-color'?: boolean;
}

export function chooseOutput(flags: OutputFlags): Output {
  const stream = process.stdout;
  return {
    format: flags.json ? 'json' : flags.quiet ? 'quiet' : 'text',
    isVerbose: flags.verbose === true,
    showColumns: flags.columns === true || flags.verbose === true,
    color: flags['no-color'] !== true && wantsColor(stream),
    width: textWidth(stream),
    isTerminal: stream.isTTY === true,
    isGitHub: process.env.GITHUB_ACTIONS === 'true' && !flags.json,
    write: (text) => void stream.write(text),
  };
}

/** Colour only where it is seen as such (no-color.org, force-color.org). */
export function wantsColor(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false;
  if (process.env.FORCE_COLOR && process.env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}

/** Text is laid out for 80 columns, for fewer where a terminal has fewer, and never stretched beyond 100. */
function textWidth(stream: NodeJS.WriteStream): number {
  return Math.min(Math.max(stream.columns ?? 80, 40), 100);
}

/** The last words of a run that failed: for programs where they listen, for people on standard error. */
export function reportFailure(
  failure: OverseedError,
  output: Pick<Output, 'format'> & Partial<Output>,
): void {
  if (output.format === 'json') {
    process.stdout.write(failureLine(failure));
    return;
  }
  if (output.isGitHub) process.stdout.write(failureAnnotation(failure));
  const color = output.color !== false && wantsColor(process.stderr);
  process.stderr.write(failureText(failure, { color, width: textWidth(process.stderr) }));
}
