import { randomBytes } from 'node:crypto';
import type { Emit, Stage } from './event.ts';

/** One execution: who it is, how it is stopped, whom it tells. */
export interface Run {
  readonly id: string;
  readonly startedAt: Date;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

/** A run with a fresh, sortable id such as `20261122-135702-9f3a61`. */
export function startRun({ signal, emit }: { signal: AbortSignal; emit: Emit }): Run {
  const startedAt = new Date();
  const stamp = startedAt.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return { id: `${stamp}-${randomBytes(3).toString('hex')}`, startedAt, signal, emit };
}

/** Runs one stage between its two events. `describe` turns the result into the few words that are shown. */
export async function inStage<T>(
  run: Run,
  stage: Stage,
  work: () => Promise<T>,
  describe: (result: T) => string,
): Promise<T> {
  run.signal.throwIfAborted();
  const start = performance.now();
  run.emit({ kind: 'stage-started', stage });
  const result = await work();
  run.emit({ kind: 'stage-finished', stage, ms: performance.now() - start, detail: describe(result) });
  return result;
}
