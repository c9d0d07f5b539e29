/** A database file on this machine, also while a dev server has it open. */

import { existsSync } from 'node:fs';
import { messageOf, OverseedError } from '../../model/error.ts';
import { isBusy } from '../../sqlite/engine-error.ts';
import { LocalDatabase } from '../../sqlite/local-database.ts';
import type { Target } from '../target.ts';
import type { TargetFile } from './errors.ts';
import { markFile } from './mark.ts';
import { openFileSnapshot } from './snapshot.ts';
import { writeSteps } from './write.ts';

export function openFileTarget(target: TargetFile): Target {
  const { label } = target;
  const database = open(target);
  /** While one transaction waits for a lock, another must not slip into it. */
  let last: Promise<unknown> = Promise.resolve();
  let hasWritten = false;
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    // Whoever asked for it learns of its failure; the next one only waits for its end.
    last = turn.catch(() => undefined);
    return turn;
  }
  return {
    kind: 'file',
    label,
    channel: 'native',
    maxRowBytes: undefined,
    snapshot: (signal) => openFileSnapshot(target, signal),
    mark: (signal) => inTurn(() => markFile(database, target, signal)),
    write: (steps, signal, options) =>
      inTurn(() => {
        signal.throwIfAborted();
        hasWritten = true;
        return writeSteps(database, target, steps, signal, options);
      }),
    async [Symbol.asyncDispose]() {
      await last;
      // The engine closes a file for good only when its statements are collected as garbage. Who copies the file before
      // that shall miss nothing; if a reader is in the way, its WAL file holds the rest.
      if (hasWritten) database.tryCheckpoint();
      database.close();
    },
  };
}

function open({ file, label }: TargetFile): LocalDatabase {
  if (!existsSync(file)) {
    throw new OverseedError('TARGET_UNREACHABLE', {
      what: `There is no database file ${label}.`,
      state: 'not-contacted',
      next: 'Check the path. Migrations create it (`drizzle-kit push`, say); in an Astro DB site, `astro dev` does.',
    });
  }
  try {
    const database = new LocalDatabase(file, { busyMs: 0 });
    database.exec('PRAGMA foreign_keys=OFF');
    requireDatabase(database);
    return database;
  } catch (error) {
    throw new OverseedError('TARGET_UNREACHABLE', {
      what: `${label} cannot be opened as a SQLite database: ${messageOf(error)}.`,
      state: 'old',
      next: 'Check the path and its permissions.',
      cause: error,
    });
  }
}

/** Reads a little. Who has it locked has found that it is a database. */
function requireDatabase(database: LocalDatabase): void {
  try {
    database.rows('SELECT count(*) FROM sqlite_schema');
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}
