/** Rebuilds tables of a target in a local file, from the DDL that the target stores. */
import { messageOf, OverseedError } from '../model/error.ts';
import type { Table } from '../model/schema.ts';
import { isDiskError } from './engine-error.ts';
import type { LocalDatabase } from './local-database.ts';

/**
 * Tables, and of their indexes those that can refuse a row; a copy of rows that are known to be good needs none. Indexes
 * for speed would only slow down the building. Triggers stay away: what they would do is in the rows already.
 * @throws SCHEMA_UNSUPPORTED naming the table that the local engine cannot hold
 */
export function replaySchema(
  database: LocalDatabase,
  tables: readonly Table[],
  indexes: 'unique' | 'none',
): void {
  for (const table of tables) {
    const wanted =
      indexes === 'none'
        ? []
        : table.indexes.map(({ sql }) => sql).filter((sql) => /^\s*CREATE\s+UNIQUE/i.test(sql));
    for (const sql of [table.sql, ...wanted]) {
      try {
        database.exec(sql);
      } catch (error) {
        if (isDiskError(error)) throw error;
        throw new OverseedError('SCHEMA_UNSUPPORTED', {
          what: `The table ${table.name} cannot be rebuilt on this machine: ${messageOf(error)}.`,
          state: 'old',
          next: 'Leave this table out of the source, or report its definition.',
          cause: error,
        });
      }
    }
  }
}
