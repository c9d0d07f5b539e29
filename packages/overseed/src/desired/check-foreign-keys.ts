/** Foreign keys inside the scope, checked by the engine on the finished file; each dangling one is a problem. */
import type { Problem } from '../model/problem.ts';
import type { Table } from '../model/schema.ts';
import { describeValue } from '../model/value.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { quoteName } from '../util/sql.ts';

export function checkForeignKeys(database: LocalDatabase, tables: readonly Table[]): Problem[] {
  const inScope = new Set(tables.map((table) => table.name.toLowerCase()));
  const problems: Problem[] = [];
  for (const table of tables) {
    const violations = database.rows('SELECT rowid, parent, fkid FROM pragma_foreign_key_check(?)', [
      table.name,
    ]);
    for (const [rowid, parent, fkid] of violations) {
      // A parent outside the scope lives on the target only: it is checked there, inside the transaction.
      if (!inScope.has(String(parent).toLowerCase())) continue;
      problems.push(
        describeViolation(database, table, {
          rowid: rowid ?? null,
          parent: String(parent),
          fkid: fkid ?? null,
        }),
      );
    }
  }
  return problems;
}

function describeViolation(
  database: LocalDatabase,
  table: Table,
  violation: {
    rowid: bigint | string | number | Uint8Array | null;
    parent: string;
    fkid: bigint | string | number | Uint8Array | null;
  },
): Problem {
  const columns = database
    .rows('SELECT "from", "to" FROM pragma_foreign_key_list(?) WHERE id=? ORDER BY seq', [
      table.name,
      violation.fkid,
    ])
    .map(([from, to]) => ({ from: String(from), to: to === null ? undefined : String(to) }));
  const parent = `${violation.parent}.${columns[0]?.to ?? 'its key'}`;
  const column = columns.map(({ from }) => from).join('+');
  // A WITHOUT ROWID table gives no rowid to find the row by.
  if (violation.rowid === null)
    return { table: table.name, row: 'a row', column, message: `points to no row of ${parent}` };
  const shown = [...table.key, ...columns.map(({ from }) => from)];
  const [cells = []] = database.exactRows(
    (table.key.length > 0 ? shown : ['rowid', ...shown]).map(quoteName),
    `FROM ${quoteName(table.name)} WHERE rowid=?`,
    [violation.rowid],
  );
  const keyNames = table.key.length > 0 ? table.key : ['rowid'];
  const row = keyNames.map((name, index) => `${name}=${plain(cells[index])}`).join(', ');
  const value = cells.slice(keyNames.length).map(describeValue).join(', ');
  return { table: table.name, row, column, value, message: `points to no row of ${parent}` };
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : describeValue(value);
}
