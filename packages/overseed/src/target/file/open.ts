/** A database file on this machine, also while a dev server has it open. */

import { existsSync } from 'node:fs';
import { messageOf, OverseedError } from '../../model/error.ts';
import { isEngineError, LocalDatabase } from '../../sqlite/local-database.ts';
import {
  type Mark,
  MarkLost,
  type Statement,
  StepFailed,
  type Target,
  type WriteReceipt,
} from '../target.ts';
import { openFileSnapshot } from './snapshot.ts';

export function openFileTarget({ file, label }: { file: string; label: string }): Target {
  const database = open(file, label);
  return {
    kind: 'file',
    label,
    channel: 'native',
    maxRowBytes: undefined,
    snapshot: (signal) => openFileSnapshot(file, signal),
    mark: async () => ({ connection: database, dataVersion: dataVersionOf(database) }),
    async write(steps, signal, { since } = {}) {
      signal.throwIfAborted();
      return writeSteps(database, steps, label, since);
    },
    async [Symbol.asyncDispose]() {
      database.close();
    },
  };
}

function open(file: string, label: string): LocalDatabase {
  if (!existsSync(file)) {
    throw new OverseedError('TARGET_UNREACHABLE', {
      what: `There is no database file ${label}.`,
      state: 'not-contacted',
      next: 'Check the path; `astro dev`, `astro build` and the first seed create the local database.',
    });
  }
  try {
    const database = new LocalDatabase(file, { busyMs: 10_000 });
    database.rows('SELECT count(*) FROM sqlite_schema');
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

function writeSteps(
  database: LocalDatabase,
  steps: readonly Statement[],
  label: string,
  since: Mark | undefined,
): WriteReceipt {
  const results: WriteReceipt['results'][number][] = [];
  let rowsWritten = 0;
  // A no-op inside a transaction, so it comes first.
  database.exec('PRAGMA foreign_keys=OFF');
  try {
    begin(database, label);
    if (since && (since.connection !== database || since.dataVersion !== dataVersionOf(database))) {
      database.exec('ROLLBACK');
      throw new MarkLost('another program has written to the file');
    }
    for (const [index, { sql, args = [] }] of steps.entries()) {
      try {
        const { rows, changes } = database.execute(sql, args);
        results.push(rows);
        rowsWritten += changes;
      } catch (error) {
        if (database.inTransaction) database.exec('ROLLBACK');
        throw new StepFailed(index, messageOf(error));
      }
    }
    commit(database, label);
    return { results, rowsWritten };
  } finally {
    database.exec('PRAGMA foreign_keys=ON');
  }
}

function dataVersionOf(database: LocalDatabase): number {
  return database.count('PRAGMA data_version');
}

function begin(database: LocalDatabase, label: string): void {
  try {
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    throw notWritable(error, label);
  }
}

function commit(database: LocalDatabase, label: string): void {
  try {
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw notWritable(error, label);
  }
}

function notWritable(error: unknown, label: string): OverseedError {
  const busy = isEngineError(error) && error.code.startsWith('SQLITE_BUSY');
  return new OverseedError(busy ? 'TARGET_BUSY' : 'TARGET_REJECTED', {
    what: `${label} could not be written: ${messageOf(error)}.`,
    state: 'old',
    next: busy
      ? 'Another program holds the file; run the same command again.'
      : 'Check its permissions and the disk.',
    cause: error,
  });
}
