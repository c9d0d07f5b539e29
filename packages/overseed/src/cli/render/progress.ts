/** One line of progress with rate and time left: redrawn in place on a terminal, a line a while elsewhere. */

/** Without a terminal, at most one line in this time, in ms. */
const PLAIN_INTERVAL_MS = 5_000;
const REDRAW_MS = 80;
const BAR_WIDTH = 24;

export interface ProgressState {
  readonly done: number;
  /** Undefined when nobody knows how many there will be. */
  readonly total: number | undefined;
  readonly unit: string;
}

export interface ProgressOutput {
  readonly isTerminal: boolean;
  write(text: string): void;
}

export class Progress {
  readonly #output: ProgressOutput;
  #startedAt = 0;
  #shownAt = 0;
  #visible = false;

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  start(): void {
    this.#startedAt = performance.now();
    this.#shownAt = this.#startedAt;
  }

  update(label: string, { done, total, unit }: ProgressState): void {
    const now = performance.now();
    const { isTerminal } = this.#output;
    if (now - this.#shownAt < (isTerminal ? REDRAW_MS : PLAIN_INTERVAL_MS)) return;
    this.#shownAt = now;
    const rate = done / Math.max(0.001, (now - this.#startedAt) / 1_000);
    const speed = `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
    const numbers =
      total === undefined
        ? `${done} ${unit}  ${speed}`
        : `${done}/${total} ${unit}  ${speed}  ${timeLeft(total - done, rate)}`;
    if (!isTerminal) {
      this.#output.write(`    ${label.padEnd(9)}${numbers}\n`);
      return;
    }
    this.#output.write(
      `\r\x1b[2K  … ${label.padEnd(9)}${total === undefined ? '' : `${bar(done, total)} `}${numbers}`,
    );
    this.#visible = true;
  }

  clear(): void {
    if (this.#visible) this.#output.write('\r\x1b[2K');
    this.#visible = false;
  }
}

function bar(done: number, total: number): string {
  const filled = Math.round((BAR_WIDTH * done) / Math.max(1, total));
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
}

function timeLeft(remaining: number, rate: number): string {
  const seconds = rate > 0 ? Math.ceil(remaining / rate) : 0;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`;
}
