/** What went wrong on the way to a server, in words for people. In each of these cases nothing was changed. */
import { messageOf, OverseedError } from '../../model/error.ts';
import type { HranaAddress } from './address.ts';
import { ConnectionFailed, HttpRefusal } from './client.ts';
import { type HranaError, isDiskError, isValueTooLarge, plainMessage } from './errors.ts';

export function unreachable(address: HranaAddress, error: unknown): OverseedError {
  return new OverseedError('TARGET_UNREACHABLE', {
    what: `${address.label} could not be reached: ${messageOf(error)}.`,
    state: 'old',
    next: 'Check the address and the network, then run the same command again.',
    cause: error,
  });
}

/** A gateway answers for a server that it cannot reach. */
const GATEWAY = new Set([502, 503, 504]);

/** What it means that the request as a whole was refused: the server has done nothing with it. */
export function toRefusal(address: HranaAddress, error: HttpRefusal): OverseedError {
  const { label } = address;
  const { status, message } = error;
  const refusal = (code: 'TARGET_UNREACHABLE' | 'TARGET_REJECTED', what: string, next: string) =>
    new OverseedError(code, { what, state: 'old', next, cause: error });
  if (error.code === 'BLOCKED') return blocked(address, message);
  if (status === 404)
    return refusal(
      'TARGET_UNREACHABLE',
      `${label} answered with ${message}.`,
      'No libSQL database answers at this address: check the URL.',
    );
  if (status === 413)
    return refusal(
      'TARGET_REJECTED',
      `${label} does not accept a request of ${error.sentBytes} bytes (${message}).`,
      'A proxy before the database has a limit of its own: let it pass requests of that size.',
    );
  if (GATEWAY.has(status))
    return refusal(
      'TARGET_UNREACHABLE',
      `${label} does not answer: what stands before it says ${message}.`,
      'Look whether the database runs, then run the same command again.',
    );
  return refusal(
    'TARGET_REJECTED',
    `${label} answered with ${message}.`,
    'Run the same command again; if it stays so, the server has a problem.',
  );
}

/** Errors of reading: nothing can have been changed. */
export function toReadError(address: HranaAddress, error: unknown): Error {
  if (error instanceof ConnectionFailed) return unreachable(address, error);
  if (error instanceof HttpRefusal) return toRefusal(address, error);
  return error instanceof Error ? error : new Error(String(error));
}

function blocked({ label }: HranaAddress, said: string): OverseedError {
  return new OverseedError('TARGET_BLOCKED', {
    what: `${label} is blocked, and says: ${said}.`,
    state: 'old',
    next: 'Most often a quota of the plan is used up: the dashboard of the database says which. Raise it or wait until it begins anew, then run the same command again.',
  });
}

function noRoom({ label }: HranaAddress, said: string): OverseedError {
  return new OverseedError('TARGET_FULL', {
    what: `${label} has no room for the new rows: ${said}.`,
    state: 'old',
    next: 'Its disk is full, or it has reached the size that it may have: give it more room, then run the same command again.',
  });
}

/** What it means that a statement of ours was not run, whoever sent it and why. */
export function rejected(address: HranaAddress, error: HranaError): OverseedError {
  const said = plainMessage(error);
  if (error.code === 'BLOCKED') return blocked(address, said);
  if (error.code === 'SQLITE_FULL') return noRoom(address, said);
  const verb = isDiskError(error) ? 'could not run' : 'refused';
  const what = `${address.label} ${verb} a statement: ${said}.`;
  return new OverseedError('TARGET_REJECTED', { what, state: 'old', next: cureFor(error) });
}

function cureFor(error: HranaError): string {
  if (isDiskError(error))
    return 'Most often its disk is full, or else broken: see to it, then run the same command again.';
  if (isValueTooLarge(error))
    return 'Its limit for one value is lower than the usual 5,000,000 bytes: raise it, or shorten what is too long.';
  if (/unsupported statement|not authorized/.test(error.message))
    return 'It forbids such a statement. If it belongs to a trigger or a view of yours, take that away first; else please report it.';
  return 'If the statement is one of ours, please report it.';
}

export function busy(address: HranaAddress, reason: string): OverseedError {
  return new OverseedError('TARGET_BUSY', {
    what: `${address.label} did not grant the write lock for long enough: ${reason}.`,
    state: 'old',
    next: 'Another writer is busy; run the same command again.',
  });
}
