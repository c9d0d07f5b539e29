/** What Hrana's error codes mean. Further in, nobody matches strings. */
export interface HranaError {
  readonly message: string;
  readonly code?: string | null;
}

const LOCK_CODES = new Set(['TRANSACTION_TIMEOUT', 'TRANSACTION_BUSY', 'SQLITE_BUSY', 'STREAM_EXPIRED']);

/** The write lock was not to be had or was taken away: the same work may succeed a moment later. */
export function isLockError(error: HranaError): boolean {
  return (
    LOCK_CODES.has(error.code ?? '') ||
    /cannot (commit|rollback) - no transaction is active/.test(error.message)
  );
}

/** A row, a value or a parameter exceeds what the server takes. */
export function isValueTooLarge(error: HranaError): boolean {
  return error.code === 'SQLITE_TOOBIG' || /string or blob too big/.test(error.message);
}

/** The answer would exceed the server's limit for one value or one response. */
export function isTooLarge(error: HranaError): boolean {
  return error.code === 'RESPONSE_TOO_LARGE' || isValueTooLarge(error);
}

const REFUSED_UNREAD = new Set([
  'SQL_PARSE_ERROR',
  'SQL_MANY_STATEMENTS',
  'SQL_INPUT_ERROR',
  'ARGS_INVALID',
  'BLOCKED',
]);

/** The request as a whole was refused before any step of it ran. */
export function isRefusedUnread(error: HranaError): boolean {
  return REFUSED_UNREAD.has(error.code ?? '');
}

/** SQLite's own words, without the server's prefix. */
export function plainMessage(error: HranaError): string {
  return error.message.replace(/^(SQLite (input )?error|SQL string could not be parsed): /, '');
}

/** A full disk of the server shows like this in the middle of a COMMIT. */
export function isDiskError(error: HranaError): boolean {
  return error.code?.startsWith('SQLITE_IOERR') ?? false;
}

/** Nothing that others could change, nor a second attempt, would help against these. */
export function isFinal(error: HranaError): boolean {
  return (
    isValueTooLarge(error) || isDiskError(error) || ['BLOCKED', 'SQLITE_FULL'].includes(error.code ?? '')
  );
}
