/**
 * Progress with rate and time left. On a terminal one line is redrawn in place, with every stage that is at work;
 * elsewhere a line a while.
 */
import { formatCount } from '../../util/format.ts';

/** Without a terminal, at most one line of a stage in this time, in ms. */
const PLAIN_INTERVAL_MS = 5_000;
const REDRAW_MS = 80;
/** A rate means little before it, in ms. */
const SETTLING_MS = 1_000;
const BAR_WIDTH = 20;

interface ProgressState {
  readonly done: number;
  /** Undefined when nobody knows how many there will be. */
  readonly total: number | undefined;
  readonly unit: string;
}

interface ProgressOutput {
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  write(text: string): void;
}

interface Stage {
  readonly startedAt: number;
  shownAt: number;
  state?: ProgressState;
}

export class Progress {
  readonly #output: ProgressOutput;
  /** At work now, by name. */
  readonly #stages = new Map<string, Stage>();
  #drawnAt = 0;
  #isVisible = false;

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  start(name: string): void {
    const now = performance.now();
    this.#stages.set(name, { startedAt: now, shownAt: now });
  }

  update(name: string, state: ProgressState): void {
    const stage = this.#stages.get(name);
    if (!stage) return;
    stage.state = state;
    const now = performance.now();
    if (this.#output.isTerminal) this.#redraw(now);
    else if (now - stage.shownAt >= PLAIN_INTERVAL_MS) {
      stage.shownAt = now;
      this.#output.write(`    ${name.padEnd(9)}${describe(stage, state, now)}\n`);
    }
  }

  /** The stage has ended. */
  finish(name: string): void {
    this.#stages.delete(name);
  }

  /** Takes the line away, so that another can be written. */
  clear(): void {
    if (this.#isVisible) this.#output.write('\r\x1b[2K');
    this.#isVisible = false;
  }

  #redraw(now: number): void {
    if (now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    const atWork = [...this.#stages].filter(([, { state }]) => state !== undefined);
    const isAlone = atWork.length === 1;
    const parts = atWork.map(([name, stage]) => {
      const state = stage.state as ProgressState;
      const bar = isAlone && state.total !== undefined ? `${drawBar(state.done, state.total)} ` : '';
      return `${name.padEnd(isAlone ? 9 : 0)}${isAlone ? '' : ' '}${bar}${describe(stage, state, now)}`;
    });
    const line = `  … ${parts.join('   ')}`;
    this.#output.write(`\r\x1b[2K${line.slice(0, this.#output.width - 1)}`);
    this.#isVisible = true;
  }
}

function describe({ startedAt }: Stage, { done, total, unit }: ProgressState, now: number): string {
  const elapsedMs = now - startedAt;
  const rate = done / Math.max(0.001, elapsedMs / 1_000);
  const speed =
    elapsedMs < SETTLING_MS ? '' : `  ${rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate))}/s`;
  if (total === undefined) return `${formatCount(done)} ${unit}${speed}`;
  const left = speed === '' ? '' : `  ${timeLeft(total - done, rate)}`;
  return `${formatCount(done)}/${formatCount(total)} ${unit}${speed}${left}`;
}

function drawBar(done: number, total: number): string {
  const filled = Math.min(BAR_WIDTH, Math.round((BAR_WIDTH * done) / Math.max(1, total)));
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
}

function timeLeft(remaining: number, rate: number): string {
  const seconds = rate > 0 ? Math.ceil(remaining / rate) : 0;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`;
}
