/** Foreign keys inside the scope, checked on the finished file; each dangling one is a problem. */
import type { Problem } from '../model/problem.ts';
import { type ForeignKey, referencedColumns, type Table } from '../model/schema.ts';
import { describeValue } from '../model/value.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { refersToNothing } from '../sqlite/references.ts';
import { foldName } from '../util/fold-name.ts';
import { quoteName } from '../util/sql.ts';

/** A parent outside the scope lives on the target only: it is checked there, inside the transaction. */
export function checkForeignKeys(database: LocalDatabase, tables: readonly Table[]): Problem[] {
  const scope = new Map(tables.map((table) => [foldName(table.name), table]));
  const problems: Problem[] = [];
  for (const table of tables) {
    for (const foreignKey of table.foreignKeys) {
      const parent = scope.get(foldName(foreignKey.parent));
      if (parent) problems.push(...danglingRows(database, table, foreignKey, parent));
    }
  }
  return problems;
}

function* danglingRows(
  database: LocalDatabase,
  table: Table,
  foreignKey: ForeignKey,
  parent: Table,
): Generator<Problem> {
  const shown = [...table.key, ...foreignKey.columns].map((name) => `c.${quoteName(name)}`);
  const rows = database.exactRows(
    shown,
    `FROM ${quoteName(table.name)} AS c WHERE ${refersToNothing(foreignKey, 'c', parent)}`,
  );
  for (const cells of rows) {
    const key = table.key.map((name, index) => `${name}=${plain(cells[index])}`).join(', ');
    yield {
      table: table.name,
      row: key || 'a row',
      column: foreignKey.columns.join('+'),
      value: cells.slice(table.key.length).map(describeValue).join(', '),
      message: `points to no row of ${parent.name}.${referencedColumns(foreignKey, parent)[0] ?? 'its key'}`,
    };
  }
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : describeValue(value);
}
