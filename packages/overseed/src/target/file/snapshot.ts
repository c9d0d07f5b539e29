/** A read transaction on a connection of its own, so that it stays what it was while another one writes. */
import { LocalDatabase } from '../../sqlite/local-database.ts';
import type { Snapshot } from '../target.ts';

export function openFileSnapshot(file: string, signal: AbortSignal): Snapshot {
  let database: LocalDatabase | undefined;
  return {
    async query(queries) {
      signal.throwIfAborted();
      if (!database) {
        database = new LocalDatabase(file, { busyMs: 10_000 });
        database.exec('BEGIN');
      }
      const connection = database;
      return queries.map(({ sql, args }) => connection.rows(sql, args));
    },
    // A file counts its changes in places that differ by journal mode, and reading it is cheap.
    version: () => Promise.resolve(undefined),
    async [Symbol.asyncDispose]() {
      if (database?.inTransaction) database.exec('COMMIT');
      database?.close();
    },
  };
}
