import { randomBytes } from 'node:crypto';
import type { Emit, Stage } from './event.ts';

/** One execution: who it is, how it is stopped, whom it tells. */
export interface Run {
  readonly id: string;
  readonly startedAt: Date;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

/**
 * A run with a fresh id such as `20261122-135702-1f3a61`: date, time, milliseconds as three hex digits, and three by
 * chance. Ids sort by time, also those of one second: backups are told apart by them.
 */
export function startRun({ signal, emit }: { signal: AbortSignal; emit: Emit }): Run {
  const startedAt = new Date();
  const stamp = startedAt.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const ms = startedAt.getUTCMilliseconds().toString(16).padStart(3, '0');
  const chance = randomBytes(2).toString('hex').slice(1);
  return { id: `${stamp}-${ms}${chance}`, startedAt, signal, emit };
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
