/** Foreign keys inside the scope, checked on the finished file; each dangling one is a problem. */
import { listProblems, type Problem } from '../model/problem.ts';
import type { Run } from '../model/run.ts';
import { type ForeignKey, referencedColumns, type Table } from '../model/schema.ts';
import { describeValue, type SqlValue } from '../model/value.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { refersToNothing } from '../sqlite/references.ts';
import { foldName } from '../util/fold-name.ts';
import { quoteName } from '../util/sql.ts';

/** By folded table name: rows of the source that were left out because something else is wrong with them. */
export type DroppedRows = Map<string, readonly ReadonlyMap<string, SqlValue>[]>;

/**
 * A parent outside the scope lives on the target only: it is checked there, inside the transaction. A row that points
 * to one that was left out is not reported: that other row's problem is.
 */
export function checkForeignKeys(
  database: LocalDatabase,
  tables: readonly Table[],
  dropped: DroppedRows,
): Problem[] {
  const scope = new Map(tables.map((table) => [foldName(table.name), table]));
  const problems: Problem[] = [];
  for (const table of tables) {
    for (const foreignKey of table.foreignKeys) {
      const parent = scope.get(foldName(foreignKey.parent));
      if (!parent) continue;
      const leftOut = dropped.get(foldName(parent.name)) ?? [];
      problems.push(...danglingRows(database, table, foreignKey, parent, leftOut));
    }
  }
  return problems;
}

/** Rows of a backup go back as they were; but nobody shall wonder later where these come from. */
export function warnOfDangling(dangling: readonly Problem[], run: Run): void {
  if (dangling.length === 0) return;
  const go =
    dangling.length === 1
      ? '1 reference to nothing goes back as the backup holds it'
      : `${dangling.length} references to nothing go back as the backup holds them`;
  const message = `${go}:\n${listProblems(dangling)}`;
  run.emit({ kind: 'warning', message });
}

function* danglingRows(
  database: LocalDatabase,
  table: Table,
  foreignKey: ForeignKey,
  parent: Table,
  leftOut: readonly ReadonlyMap<string, SqlValue>[],
): Generator<Problem> {
  const wanted = referencedColumns(foreignKey, parent);
  const known = new Set(leftOut.map((row) => keyOf(wanted.map((name) => row.get(name)))));
  const shown = [...table.key, ...foreignKey.columns].map((name) => `c.${quoteName(name)}`);
  const rows = database.exactRows(
    shown,
    `FROM ${quoteName(table.name)} AS c WHERE ${refersToNothing(foreignKey, 'c', parent)}`,
  );
  for (const cells of rows) {
    if (known.has(keyOf(cells.slice(table.key.length)))) continue;
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

function keyOf(cells: readonly (SqlValue | undefined)[]): string {
  return cells.map((cell) => `${typeof cell} ${plain(cell)}`).join('\n');
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : describeValue(value);
}
