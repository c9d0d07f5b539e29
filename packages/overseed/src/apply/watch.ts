/**
 * Is the target still what was planned from? A small batch asks for itself, by the old values that it carries and by the
 * whole scope at its end. Rows that are staged may travel for minutes, and their old values would double the traffic; so
 * the target is marked before it is pulled, and the batch runs only if nobody else has written anything since. If
 * somebody has, it may have been to tables that do not concern us: then ours are marked and looked at again.
 */
import { OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import type { Mark, Target } from '../target/target.ts';

/** The state that was planned from. */
export interface Planned {
  readonly mark: Mark | undefined;
  /** Looks at the target. @returns names of the tables that hold something else now */
  readonly findMoved: () => Promise<readonly string[]>;
}

export class Watch {
  readonly #target: Target;
  readonly #planned: Planned;
  readonly #maxLooks: number;
  readonly #run: Run;
  #mark: Mark | undefined;
  #looks = 0;

  /** @param maxLooks where others write all the time, no look is the last word: the batch follows this one at once */
  constructor(target: Target, planned: Planned, maxLooks: number, run: Run) {
    this.#target = target;
    this.#planned = planned;
    this.#maxLooks = maxLooks;
    this.#run = run;
    this.#mark = planned.mark;
  }

  /**
   * A mark since which nobody may have written. Undefined when there is none to be had: then the tables have just been
   * found unchanged.
   * @throws TARGET_MOVED
   */
  async since(): Promise<Mark | undefined> {
    this.#mark ??= await this.#look();
    return this.#mark;
  }

  /** Somebody has written, or nobody can say. */
  lost(): void {
    this.#mark = undefined;
  }

  async #look(): Promise<Mark | undefined> {
    const isLast = ++this.#looks >= this.#maxLooks;
    // Before the look, so that whatever is written during it counts.
    const mark = isLast ? undefined : await this.#target.mark(this.#run.signal);
    const moved = await this.#planned.findMoved();
    if (moved.length > 0) throw tablesMoved(moved, this.#target.label);
    if (isLast && this.#looks > 1)
      this.#run.emit({
        kind: 'warning',
        message: `Others write to ${this.#target.label} all the time. The tables of the source were unchanged in ${this.#looks} looks; what changes in them while the last one is taken shows by row counts alone.`,
      });
    return mark;
  }
}

export function tablesMoved(tables: readonly string[], label: string, cause?: unknown): OverseedError {
  return new OverseedError('TARGET_MOVED', {
    what: `${tables.join(', ')} on ${label} ${tables.length === 1 ? 'was' : 'were'} changed by somebody else while this ran.`,
    state: 'old',
    next: 'Run the same command again: it plans afresh from what is there now.',
    cause,
  });
}
