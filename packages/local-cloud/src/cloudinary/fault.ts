/**
 * Faults on demand. A fault says what goes wrong, for which requests, when in their life, how often. The board holds
 * the faults in force and hands each request the ones that hit it.
 */
import { randomUUID } from 'node:crypto';
import { seededRandom } from '../util/seeded-random.ts';

export type RouteGroup = 'upload' | 'admin' | 'delivery';

/** `arrival`: before the body is read. `before-commit`: nothing was changed. `after-commit`: everything was. */
export type FaultWhen = 'arrival' | 'before-commit' | 'after-commit';

type FaultEffect =
  /** The answer waits. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** This status, with the body that usually comes with it (HTML for 502 and 504, nothing for 503). */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  /** 420 that no retry will cure. */
  | { readonly kind: 'subscription'; readonly addOn?: string }
  /** 400 for good. */
  | { readonly kind: 'refuse'; readonly message?: string }
  /** The connection is cut. */
  | { readonly kind: 'drop' }
  /** No answer, ever. */
  | { readonly kind: 'hang' }
  /** The answer comes slowly. */
  | { readonly kind: 'trickle'; readonly bytesPerSecond: number }
  /** 200 with half of the JSON. */
  | { readonly kind: 'truncated-json' }
  /** The keep-alive connection is reset after the answer. */
  | { readonly kind: 'reset-idle'; readonly afterMs?: number }
  /** The emulator's clock is ahead by this much (behind when negative). */
  | { readonly kind: 'clock-skew'; readonly ms: number };

interface FaultScope {
  readonly route?: RouteGroup;
  /** Which public IDs: a part of the name, or a pattern. */
  readonly match?: string | RegExp;
  /** How many requests it hits before it is over. Default: all. */
  readonly times?: number;
  /** Share of the requests it hits, from 0 to 1, drawn from the seeded generator. Default 1. */
  readonly rate?: number;
  /** For `status`, `subscription`, `refuse`, `drop` and `hang`. Default `before-commit`. */
  readonly when?: FaultWhen;
}

export type Fault = FaultEffect & FaultScope;

/** The owner's side of the board. */
export interface Faults {
  /** Returns the id to clear it with. */
  set(fault: Fault): string;
  /** Clears one fault, or all of them. */
  clear(id?: string): void;
  list(): { readonly id: string; readonly fault: Fault; readonly hits: number }[];
}

/** What is known of a request when the board is asked. */
export interface FaultTarget {
  readonly route: RouteGroup;
  /** Undefined until the body has been read. */
  readonly publicIds: readonly string[] | undefined;
}

interface Posted {
  readonly fault: Fault;
  hits: number;
}

const PHASES: Readonly<Record<Fault['kind'], FaultWhen | 'any'>> = {
  'clock-skew': 'before-commit',
  latency: 'before-commit',
  'reset-idle': 'after-commit',
  trickle: 'after-commit',
  'truncated-json': 'after-commit',
  drop: 'any',
  hang: 'any',
  refuse: 'any',
  status: 'any',
  subscription: 'any',
};

const phaseOf = ({ kind, when }: Fault): FaultWhen => {
  const phase = PHASES[kind];
  return phase === 'any' ? (when ?? 'before-commit') : phase;
};

export class FaultBoard implements Faults {
  readonly #posted = new Map<string, Posted>();
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  set(fault: Fault): string {
    requireSensible(fault);
    const id = randomUUID();
    this.#posted.set(id, { fault, hits: 0 });
    return id;
  }

  clear(id?: string): void {
    if (id === undefined) this.#posted.clear();
    else this.#posted.delete(id);
  }

  list() {
    return [...this.#posted].map(([id, { fault, hits }]) => ({ id, fault, hits }));
  }

  /** The faults of phase `when` that hit this request. Each hit counts towards `times`. */
  take(when: FaultWhen, target: FaultTarget): Fault[] {
    const taken: Fault[] = [];
    for (const posted of this.#posted.values()) {
      const { fault } = posted;
      if (phaseOf(fault) !== when || !concerns(fault, target)) continue;
      if (posted.hits >= (fault.times ?? Number.POSITIVE_INFINITY)) continue;
      if (fault.rate !== undefined && this.#random() >= fault.rate) continue;
      posted.hits++;
      taken.push(fault);
    }
    return taken;
  }
}

function concerns({ route, match }: Fault, target: FaultTarget): boolean {
  if (route !== undefined && route !== target.route) return false;
  if (match === undefined) return true;
  return (target.publicIds ?? []).some((publicId) =>
    typeof match === 'string' ? publicId.includes(match) : publicId.search(match) >= 0,
  );
}

const FIXED_PHASE = Object.keys(PHASES).filter((kind) => PHASES[kind as Fault['kind']] !== 'any');

function requireSensible(fault: Fault): void {
  const refuse = (why: string) => new TypeError(`Fault "${fault.kind}": ${why}`);
  if (!Object.hasOwn(PHASES, fault.kind))
    throw refuse(`unknown; known are ${Object.keys(PHASES).join(', ')}`);
  const { times, rate, when, route } = fault;
  if (times !== undefined && !(Number.isInteger(times) && times > 0)) throw refuse('times must be 1 or more');
  if (rate !== undefined && !(rate >= 0 && rate <= 1)) throw refuse('rate must lie between 0 and 1');
  if (route !== undefined && !['upload', 'admin', 'delivery'].includes(route)) {
    throw refuse('route must be upload, admin or delivery');
  }
  if (when !== undefined && !['arrival', 'before-commit', 'after-commit'].includes(when)) {
    throw refuse('when must be arrival, before-commit or after-commit');
  }
  if (when !== undefined && FIXED_PHASE.includes(fault.kind))
    throw refuse('its moment is fixed: leave out when');
  if (when === 'arrival' && fault.match !== undefined) {
    throw refuse('on arrival the public ID is not known yet: leave out match');
  }
  if (
    fault.kind === 'status' &&
    !(Number.isInteger(fault.status) && fault.status >= 400 && fault.status < 600)
  ) {
    throw refuse('status must lie between 400 and 599');
  }
  if ((fault.kind === 'latency' || fault.kind === 'clock-skew') && !Number.isFinite(fault.ms)) {
    throw refuse('ms must be a number');
  }
  if (fault.kind === 'trickle' && !(fault.bytesPerSecond > 0)) throw refuse('bytesPerSecond must be above 0');
}
