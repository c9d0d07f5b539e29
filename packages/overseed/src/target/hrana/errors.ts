/** What Hrana's error codes mean to us. Further in, nobody matches strings. */
import { messageOf, OverseedError } from '../../model/error.ts';
import { ConnectionFailed, type HranaAddress, HttpRefusal } from './client.ts';

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

/** The answer would exceed the server's limit for one value or one response. */
export function isTooLarge(error: HranaError): boolean {
  return (
    error.code === 'RESPONSE_TOO_LARGE' ||
    error.code === 'SQLITE_TOOBIG' ||
    /string or blob too big/.test(error.message)
  );
}

/** The request as a whole was found wrong before any step of it ran. */
export function isRefusedUnread(error: HranaError): boolean {
  return ['SQL_PARSE_ERROR', 'SQL_MANY_STATEMENTS', 'SQL_INPUT_ERROR', 'ARGS_INVALID'].includes(
    error.code ?? '',
  );
}

/** SQLite's own words, without the server's prefix. */
export function plainMessage(error: HranaError): string {
  return error.message.replace(/^SQLite error: /, '').replace(/^SQLite input error: /, '');
}

export function unreachable(address: HranaAddress, error: unknown): OverseedError {
  return new OverseedError('TARGET_UNREACHABLE', {
    what: `${address.label} could not be reached: ${messageOf(error)}.`,
    state: 'old',
    next: 'Check the address and the network, then run the same command again.',
    cause: error,
  });
}

/** Errors of reading: nothing can have been changed. */
export function toReadError(address: HranaAddress, error: unknown): Error {
  if (error instanceof ConnectionFailed) return unreachable(address, error);
  if (error instanceof HttpRefusal) {
    const gone = error.status === 404;
    return new OverseedError(gone ? 'TARGET_UNREACHABLE' : 'TARGET_REJECTED', {
      what: `${address.label} answered with ${error.message}.`,
      state: 'old',
      next: gone
        ? 'No libSQL database answers at this address: check the URL.'
        : 'Run the same command again; if it stays so, the server has a problem.',
      cause: error,
    });
  }
  return error instanceof Error ? error : new Error(String(error));
}

export function rejected(address: HranaAddress, error: HranaError): OverseedError {
  const blocked = error.code === 'BLOCKED';
  return new OverseedError('TARGET_REJECTED', {
    what: `${address.label} refused a statement: ${plainMessage(error)}.`,
    state: 'old',
    next: blocked
      ? 'The database is blocked, often because a quota is used up: see its dashboard.'
      : 'If the statement is one of ours, please report it.',
  });
}
