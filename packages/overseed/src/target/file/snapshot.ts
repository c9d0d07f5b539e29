/** A read transaction on a connection of its own, so that it stays what it was while another one writes. */
import { isBusy } from '../../sqlite/engine-error.ts';
import { LocalDatabase } from '../../sqlite/local-database.ts';
import type { Snapshot, Statement } from '../target.ts';
import { concernsFile, notReadable, type TargetFile } from './errors.ts';
import { whenFree } from './locks.ts';

/** How long to wait for a program that writes to a file without WAL. */
const PATIENCE_MS = 15_000;

export function openFileSnapshot(target: TargetFile, signal: AbortSignal): Snapshot {
  let database: LocalDatabase | undefined;
  const read = (connection: LocalDatabase, queries: readonly Statement[]) =>
    queries.map(({ sql, args }) => connection.rows(sql, args));

  /** The first question takes the lock; from then on nobody can take it away. */
  function begin(queries: readonly Statement[]) {
    database ??= new LocalDatabase(target.file, { busyMs: 0 });
    const connection = database;
    connection.exec('BEGIN');
    try {
      return read(connection, queries);
    } catch (error) {
      if (connection.inTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  }

  return {
    async query(queries) {
      signal.throwIfAborted();
      const connection = database;
      const work = connection?.inTransaction ? () => read(connection, queries) : () => begin(queries);
      try {
        return await whenFree(work, PATIENCE_MS, signal);
      } catch (error) {
        throw isBusy(error) || concernsFile(error) ? notReadable(error, target) : error;
      }
    },
    // A file counts its changes in places that differ by journal mode, and reading it is cheap.
    version: () => Promise.resolve(undefined),
    async [Symbol.asyncDispose]() {
      if (database?.inTransaction) database.exec('COMMIT');
      database?.close();
    },
  };
}
