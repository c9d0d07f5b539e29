/**
 * One error class. A message has three parts: what happened and why, what state the target is in now, what to do next.
 */

import { CATALOGUE, type CatalogueEntry, type TargetState } from './error-catalogue.ts';

export type ErrorCode = keyof typeof CATALOGUE;

export type { TargetState };

const STATE_SENTENCE: Record<TargetState, string> = {
  old: 'The target is as it was.',
  new: 'The target holds the new rows.',
  unknown: 'Whether the target changed is not known.',
  'not-contacted': 'The target was not contacted.',
};

/** What a reader of the target sees, as a sentence. */
export function stateSentence(state: TargetState): string {
  return STATE_SENTENCE[state];
}

export interface ErrorParts {
  /** What happened and why. */
  readonly what: string;
  readonly state: TargetState;
  /** What to do next. */
  readonly next: string;
  readonly cause?: unknown;
}

export class OverseedError extends Error {
  readonly code: ErrorCode;
  readonly what: string;
  readonly state: TargetState;
  readonly next: string;

  constructor(code: ErrorCode, { what, state, next, cause }: ErrorParts) {
    super(`${what}\n${STATE_SENTENCE[state]} ${next}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.what = what;
    this.state = state;
    this.next = next;
  }

  get exitCode(): number {
    return CATALOGUE[this.code].exitCode;
  }

  /** The same failure, where more is known about the target. */
  withState(state: TargetState): OverseedError {
    const { what, next, cause } = this;
    return new OverseedError(this.code, { what, state, next, cause: cause ?? this });
  }
}
// On the prototype, so that it does not show up as a field when the error is serialised.
Object.defineProperty(OverseedError.prototype, 'name', { value: 'OverseedError' });

/** The whole catalogue, for documentation. */
export const errorCatalogue: Readonly<Record<ErrorCode, CatalogueEntry>> = CATALOGUE;

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node hides the reason of a failed fetch ("fetch failed") in the cause; and when several addresses were tried,
  // in a list there.
  const { cause } = error;
  const reason = cause instanceof AggregateError && cause.errors.length > 0 ? cause.errors[0] : cause;
  return reason instanceof Error && error.message === 'fetch failed' ? reason.message : error.message;
}
