/** One line of progress with rate and time left: redrawn in place on a terminal, a line a while elsewhere. */

/** Without a terminal, at most one line in this time, in ms. */
const PLAIN_INTERVAL_MS = 5_000;
const REDRAW_MS = 80;
const BAR_WIDTH = 24;

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

  update(label: string, { done, total, unit }: { done: number; total: number; unit: string }): void {
    const now = performance.now();
    const { isTerminal } = this.#output;
    if (now - this.#shownAt < (isTerminal ? REDRAW_MS : PLAIN_INTERVAL_MS)) return;
    this.#shownAt = now;
    const rate = done / Math.max(0.001, (now - this.#startedAt) / 1_000);
    const left = rate > 0 ? Math.ceil((total - done) / rate) : 0;
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`;
    const numbers = `${done}/${total} ${unit}  ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s  ${time}`;
    if (!isTerminal) {
      this.#output.write(`    ${label.padEnd(9)}${numbers}\n`);
      return;
    }
    const filled = Math.round((BAR_WIDTH * done) / Math.max(1, total));
    this.#output.write(
      `\r\x1b[2K  … ${label.padEnd(9)}${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${numbers}`,
    );
    this.#visible = true;
  }

  clear(): void {
    if (this.#visible) this.#output.write('\r\x1b[2K');
    this.#visible = false;
  }
}
