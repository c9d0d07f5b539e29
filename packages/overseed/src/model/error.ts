/**
 * One error class and one catalogue. Codes are permanent: people script against them. A message has three
 * parts: what happened and why, what state the target is in now, what to do next.
 */

const CATALOGUE = {
  BAD_FLAG: { exitCode: 4, summary: 'A flag is unknown, or has a value it cannot have.' },
  CONFIG_INVALID: {
    exitCode: 4,
    summary: 'The configuration or the environment is incomplete or malformed.',
  },
  SOURCE_INVALID: { exitCode: 4, summary: 'Rows of the source break a rule, a type or a constraint.' },
  ASSET_INVALID: { exitCode: 4, summary: 'A media file is missing, empty, too large or not an image.' },
  SCHEMA_MISSING: { exitCode: 4, summary: 'The target lacks tables or columns that the source declares.' },
  SCHEMA_UNSUPPORTED: {
    exitCode: 4,
    summary: 'The target uses something that Overseed cannot carry exactly.',
  },
  PLAN_INVALID: { exitCode: 4, summary: 'A file is not a saved plan, or is one of another target.' },
  PLAN_NOT_SAVED: { exitCode: 4, summary: 'A plan cannot be saved in the file that was named.' },
  REPORT_NOT_WRITTEN: { exitCode: 4, summary: 'A report cannot be written to the file that was named.' },
  TARGET_UNREACHABLE: { exitCode: 1, summary: 'No answer from the database.' },
  TARGET_AUTH: { exitCode: 1, summary: 'The database refused the token.' },
  TARGET_REJECTED: { exitCode: 1, summary: 'The database refused a statement.' },
  TARGET_MOVED: { exitCode: 3, summary: 'The target changed between plan and apply.' },
  PLAN_STALE: {
    exitCode: 3,
    summary: 'The source or the target is no longer what a saved plan was made from.',
  },
  WOULD_CASCADE: {
    exitCode: 3,
    summary: 'Rows of tables outside the source depend on rows that would go away.',
  },
  TARGET_BUSY: { exitCode: 1, summary: 'The write lock could not be had, or was taken away.' },
  TARGET_BLOCKED: { exitCode: 1, summary: 'The database is blocked, most often because a quota is used up.' },
  TARGET_THROTTLED: { exitCode: 1, summary: 'The database answers that there are too many requests.' },
  TARGET_FULL: { exitCode: 1, summary: 'The database has no room for the new rows.' },
  DISK_FULL: { exitCode: 1, summary: 'A disk of this machine has no room for a file of the run.' },
  LEASE_HELD: { exitCode: 5, summary: 'Another run is pushing to the same target.' },
  LEASE_LOST: { exitCode: 5, summary: 'Another run took over while this one was paused.' },
  ASSETS_FAILED: { exitCode: 1, summary: 'Files could not be stored.' },
  STORE_AUTH: { exitCode: 1, summary: 'The asset store refused the credentials.' },
  STORE_QUOTA: { exitCode: 1, summary: 'The asset store answers no more questions for now.' },
  VERIFY_FAILED: { exitCode: 1, summary: 'Target and source differ after the run.' },
  OUTCOME_UNKNOWN: {
    exitCode: 1,
    summary: 'The answer to the commit was lost and the target could not be asked.',
  },
  BACKUP_INVALID: { exitCode: 4, summary: 'A backup is missing, incomplete or damaged.' },
  BACKUP_FAILED: { exitCode: 1, summary: 'No backup could be made, so nothing was changed.' },
  PACKAGE_MISSING: { exitCode: 4, summary: 'A package that this command needs is not installed.' },
  INTERNAL: { exitCode: 1, summary: 'A bug of Overseed.' },
  INTERRUPTED: { exitCode: 130, summary: 'Stopped by the user.' },
} as const satisfies Record<string, { exitCode: number; summary: string }>;

export type ErrorCode = keyof typeof CATALOGUE;

/** What a reader of the target sees after the failure. */
export type TargetState = 'old' | 'new' | 'unknown' | 'not-contacted';

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
export const errorCatalogue: Readonly<Record<ErrorCode, { exitCode: number; summary: string }>> = CATALOGUE;

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node hides the reason of a failed fetch ("fetch failed") in the cause; and when several addresses were tried,
  // in a list there.
  const { cause } = error;
  const reason = cause instanceof AggregateError && cause.errors.length > 0 ? cause.errors[0] : cause;
  return reason instanceof Error && error.message === 'fetch failed' ? reason.message : error.message;
}
