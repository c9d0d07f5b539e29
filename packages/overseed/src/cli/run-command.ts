/** From a piece of work to a process: events to the renderer, Ctrl-C to the signal, errors to an exit code. */
import type { OverseedError } from '../model/error.ts';
import type { Emit } from '../model/event.ts';
import { type Run, startRun } from '../model/run.ts';
import { keepHeapLean } from '../util/lean-heap.ts';
import { failureJson, failureText, interrupted, unwrap } from './render/failure.ts';
import { jsonRenderer } from './render/json.ts';
import { textRenderer } from './render/text.ts';

export interface OutputChoice {
  readonly format: 'text' | 'json' | 'quiet';
  readonly undoCommand: (backup: string) => string;
  readonly howToOverwrite: string;
  readonly whenUnchanged?: string;
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

/**
 * Runs `work` to its end.
 * @returns the exit code; everything there is to say was said
 */
export async function runCommand(
  output: OutputChoice,
  work: (run: Run) => Promise<unknown>,
): Promise<number> {
  keepHeapLean();
  const controller = new AbortController();
  const onInterrupt = () => controller.abort(interrupted());
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    await work(startRun({ signal: controller.signal, emit: emitterFor(output) }));
    return 0;
  } catch (error) {
    const failure = unwrap(error);
    report(failure, output);
    return failure.exitCode;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

export function report(failure: OverseedError, output: Pick<OutputChoice, 'format'>): void {
  if (output.format === 'json') process.stdout.write(failureJson(failure));
  else
    process.stderr.write(
      failureText(failure, { color: wantsColor(process.stderr), width: textWidth(process.stderr) }),
    );
}

function emitterFor({ format, ...texts }: OutputChoice): Emit {
  const write = (text: string) => void process.stdout.write(text);
  if (format === 'quiet') return () => undefined;
  if (format === 'json') return jsonRenderer(write);
  return textRenderer({
    write,
    isTerminal: process.stdout.isTTY === true,
    color: wantsColor(process.stdout),
    ...texts,
  });
}
