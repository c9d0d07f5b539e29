/** Errors of the local engine, by what can be done about them. */

/** An SQLite error, as the engine words it: `UNIQUE constraint failed: t.a`. */
export interface EngineError extends Error {
  /** `SQLITE_CONSTRAINT_UNIQUE` and the like. */
  readonly code: string;
}

export function isEngineError(error: unknown): error is EngineError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('SQLITE_')
  );
}

/** Another program has the file locked: the same may succeed a moment later. */
export function isBusy(error: unknown): error is EngineError {
  return isEngineError(error) && error.code.startsWith('SQLITE_BUSY');
}

/** The disk is full, or it failed: no fault of the statement, nor of the row in it. */
export function isDiskError(error: unknown): error is EngineError {
  return isEngineError(error) && /^SQLITE_(FULL|IOERR)/.test(error.code);
}

/** The engine refused a statement for what it says, or for the values in it. */
export function isRefusal(error: unknown): error is EngineError {
  return isEngineError(error) && !isDiskError(error);
}
