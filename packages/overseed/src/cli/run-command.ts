/** From a piece of work to an exit code: Ctrl-C to the signal, errors to their last words. */
import type { Emit } from '../model/event.ts';
import { type Run, startRun } from '../model/run.ts';
import { keepHeapLean } from '../util/lean-heap.ts';
import { isNativeWorkRunning } from '../util/native-work.ts';
import { exitProcess } from './exit.ts';
import { chooseOutput, type Output, reportFailure } from './output.ts';
import { interrupted, unwrap } from './render/failure.ts';
import { jsonRenderer } from './render/json.ts';
import type { RunTexts } from './render/run-texts.ts';
import { textRenderer } from './render/text.ts';

/**
 * Runs `work` to its end.
 * @returns its exit code, or that of its failure; everything there is to say was said
 */
export async function withInterrupts(
  output: Pick<Output, 'format'> & Partial<Output>,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  keepHeapLean();
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) void stopAtOnce();
    controller.abort(interrupted());
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    return await work(controller.signal);
  } catch (error) {
    const failure = unwrap(error);
    reportFailure(failure, output);
    return failure.exitCode;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

/** Ctrl-C a second time. A run may be killed at any moment; the next one finds out how far it came. */
async function stopAtOnce(): Promise<never> {
  process.stderr.write('\nStopped at once. Run the same command again: it looks at the target first.\n');
  // Ending in an orderly way would have to wait for what is running.
  if (isNativeWorkRunning()) process.kill(process.pid, 'SIGKILL');
  return exitProcess(130);
}

/** One run that tells its story. @returns the exit code */
export function runCommand(
  output: { readonly format: Output['format'] } & RunTexts,
  work: (run: Run) => Promise<unknown>,
): Promise<number> {
  const flags = { json: output.format === 'json', quiet: output.format === 'quiet' };
  const chosen = chooseOutput(flags);
  return withInterrupts(chosen, async (signal) => {
    await work(startRun({ signal, emit: emitterFor(chosen, output) }));
    return 0;
  });
}

export function emitterFor(output: Output, texts: RunTexts): Emit {
  if (output.format === 'quiet') return () => undefined;
  if (output.format === 'json') return jsonRenderer(output.write, texts.targetName);
  return textRenderer(output, texts);
}
