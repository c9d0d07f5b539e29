/**
 * Is the target still what was planned from? A small batch asks for itself, by the old values that it carries and by the
 * whole scope at its end. Rows that are staged may travel for minutes, and their old values would double the traffic; so
 * the target is marked before it is pulled, and the batch runs only if nobody else has written anything since. If
 * somebody has, it may have been to tables that do not concern us: then triggers watch ours, and they are looked at again.
 */
import type { Lease } from '../lease/lease.ts';
import { writeUnderLease } from '../lease/write-under-lease.ts';
import { OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import type { Mark, Statement, Target } from '../target/target.ts';
import { assertUntouched, EVERY, tryToUnwatch, unwatch, watch } from './touch-triggers.ts';

/** How often tables are looked at that somebody writes to, without changing what is in them. */
const LOOKS = 4;

/** The state that was planned from. */
export interface Planned {
  readonly mark: Mark | undefined;
  /** Looks at the target. @returns names of the tables that hold something else now */
  readonly findMoved: () => Promise<readonly string[]>;
}

/** What makes a batch fail when somebody else has changed the tables. */
export interface Guard {
  readonly since?: Mark;
  /** To be run first; the first of them is the question. */
  readonly steps: readonly Statement[];
}

interface Watched {
  readonly target: Target;
  /** All that was planned from. */
  readonly scope: readonly Table[];
  readonly lease: Lease;
  readonly planned: Planned;
}

export class Watch {
  readonly #watched: Watched;
  readonly #names: readonly string[];
  readonly #run: Run;
  /** Undefined while nobody can say that the tables have not changed. */
  #guard: Guard | undefined;
  /** Whether a mark may still be tried. */
  #mayMark: boolean;
  #hasTriggers = false;
  #looks = 0;

  constructor(watched: Watched, run: Run) {
    this.#watched = watched;
    this.#names = watched.scope.map(({ name }) => name);
    this.#run = run;
    const { mark } = watched.planned;
    this.#guard = mark && { since: mark, steps: [] };
    this.#mayMark = mark === undefined;
  }

  /** For a batch that follows at once. @throws TARGET_MOVED, LEASE_LOST */
  async guard(): Promise<Guard> {
    this.#guard ??= await this.#lookAgain();
    return this.#guard;
  }

  /** Somebody has written, or nobody can say. */
  lost(): void {
    this.#guard = undefined;
    this.#mayMark = false;
  }

  /** The batch was not committed. */
  async end(): Promise<void> {
    const { target, lease } = this.#watched;
    if (this.#hasTriggers) await tryToUnwatch(target, this.#names, lease, this.#run);
    this.#hasTriggers = false;
  }

  /** Whatever is written while it looks counts: so it begins to watch before. */
  async #lookAgain(): Promise<Guard> {
    const { target, lease } = this.#watched;
    const names = this.#names;
    const mark = this.#mayMark ? await target.mark(this.#run.signal) : undefined;
    if (!mark) {
      this.#hasTriggers = true;
      await writeUnderLease(target, lease, watch(names, EVERY), this.#run);
    }
    await this.#look();
    return mark
      ? { since: mark, steps: [] }
      : { steps: [assertUntouched(names, EVERY), ...unwatch(names, EVERY)] };
  }

  async #look(): Promise<void> {
    const { target, planned } = this.#watched;
    const moved = await planned.findMoved();
    if (moved.length > 0) throw tablesMoved(moved, target.label);
    if (++this.#looks === LOOKS) throw tablesMoved(this.#names, target.label);
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
