/** Rows of the scope that point to tables outside it: those live on the target only, so they are checked there. */
import { findTable, type Schema, type Table } from '../model/schema.ts';
import { hasReference, refersToNothing } from '../sqlite/references.ts';
import { assertEquals } from '../target/assert-equals.ts';
import type { Statement } from '../target/target.ts';
import { foldName } from '../util/fold-name.ts';
import { quoteName } from '../util/sql.ts';

export interface OutsideReference {
  readonly table: string;
  readonly parent: string;
  /** How many rows point to nothing. */
  readonly count: Statement;
  /** Fails when one does. */
  readonly proof: Statement;
}

export function outsideReferences(schema: Schema, scope: readonly Table[], table: Table): OutsideReference[] {
  const inside = new Set(scope.map(({ name }) => foldName(name)));
  return table.foreignKeys
    .filter(({ parent }) => !inside.has(foldName(parent)))
    .map((foreignKey) => {
      const parent = findTable(schema, foreignKey.parent);
      // Where there is no such table, any reference points to nothing.
      const dangling = parent ? refersToNothing(foreignKey, 'c', parent) : hasReference(foreignKey, 'c');
      const count = `SELECT count(*) FROM ${quoteName(table.name)} AS c WHERE ${dangling}`;
      return {
        table: table.name,
        parent: foreignKey.parent,
        count: { sql: count },
        proof: assertEquals(count, 0),
      };
    });
}
