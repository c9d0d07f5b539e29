/** What the engine's errors mean for a file of the user. Nothing was changed in any of these cases. */
import path from 'node:path';
import { messageOf, OverseedError } from '../../model/error.ts';
import { isBusy, isDiskError, isEngineError } from '../../sqlite/engine-error.ts';

export interface TargetFile {
  readonly file: string;
  /** As people see it. */
  readonly label: string;
}

/** The file as a whole could not be written. */
export function notWritable(error: unknown, { file, label }: TargetFile): OverseedError {
  if (isBusy(error)) return locked(error, label);
  const said = messageOf(error);
  const isFull = isEngineError(error) && error.code === 'SQLITE_FULL';
  return new OverseedError(isFull ? 'TARGET_FULL' : 'TARGET_REJECTED', {
    what: isFull
      ? `${label} has no room for the new rows: ${said}.`
      : `${label} could not be written: ${said}.`,
    state: 'old',
    next: isDiskError(error)
      ? `Free some room on the disk that holds ${path.dirname(file)}, then run the same command again.`
      : 'Check its permissions and those of its folder.',
    cause: error,
  });
}

export function notReadable(error: unknown, { label }: TargetFile): OverseedError {
  if (isBusy(error)) return locked(error, label);
  return new OverseedError('TARGET_REJECTED', {
    what: `${label} could not be read: ${messageOf(error)}.`,
    state: 'old',
    next: '`PRAGMA integrity_check`, in any SQLite tool, says whether the file is damaged.',
    cause: error,
  });
}

function locked(error: unknown, label: string): OverseedError {
  return new OverseedError('TARGET_BUSY', {
    what: `${label} is locked by another program: ${messageOf(error)}.`,
    state: 'old',
    next: 'Run the same command again when that program is done; if it is `astro dev` and stays so, restart it.',
    cause: error,
  });
}

/** No statement could be right: the file, its disk or its permissions stand in the way. */
export function concernsFile(error: unknown): boolean {
  return (
    isDiskError(error) ||
    (isEngineError(error) && /^SQLITE_(READONLY|CORRUPT|NOTADB|CANTOPEN)/.test(error.code))
  );
}
