/** How much travels when changed rows are sent: not the number of rows says it, but what is in them. */
import { storedColumns, type Table } from '../model/schema.ts';
import { joinBalanced } from '../sqlite/balanced.ts';
import { quoteName } from '../util/sql.ts';
import { type Comparison, changesTable, sameKeyAsChange } from './comparison.ts';

/** Bytes of text and BLOBs in the changed rows, as they are and as they shall be. */
export function changedBytes({ database, scope, tables }: Comparison): number {
  return scope.reduce((sum, table, index) => {
    const plan = tables[index];
    if (!plan || plan.inserts + plan.updates + plan.deletes === 0) return sum;
    return sum + sides(table, index).reduce((total, sql) => total + database.count(sql), 0);
  }, 0);
}

function sides(table: Table, index: number): string[] {
  const changes = changesTable(index);
  if (table.key.length === 0) {
    const cells = storedColumns(table).map((_, position) => `c.c${position + 1}`);
    return [`SELECT total((before+after)*${size(cells)}) FROM ${changes} AS c`];
  }
  const cells = storedColumns(table).map(({ name }) => `r.${quoteName(name)}`);
  const join = (schema: string, kind: string) =>
    `SELECT total(${size(cells)}) FROM ${changes} AS c JOIN ${schema}.${quoteName(table.name)} AS r
     ON ${sameKeyAsChange(table, 'r', 'c')} WHERE c.kind<>'${kind}'`;
  return [join('main', 'delete'), join('actual', 'insert')];
}

function size(cells: readonly string[]): string {
  const each = cells.map(
    (cell) => `CASE WHEN typeof(${cell}) IN ('text','blob') THEN octet_length(${cell}) ELSE 8 END`,
  );
  return `(${joinBalanced(each, '+')})`;
}
