/**
 * Tables whose rows have no identity: what counts is how often each row is there. A row whose number differs is listed
 * once, with the number before and the number after; applying it takes all its copies away and puts the new ones in.
 */
import type { TablePlan } from '../model/plan.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { cellIdentity } from '../sqlite/same-cell.ts';
import { quoteName } from '../util/sql.ts';
import { type Comparison, changesTable } from './comparison.ts';

/** Fills the list of changes: `before`, `after`, then the cells as c1, c2 and so on. */
export function compareAsBag(database: LocalDatabase, table: Table, index: number): TablePlan {
  const name = quoteName(table.name);
  const changes = changesTable(index);
  const columns = storedColumns(table);
  const cells = columns.map((_, position) => `c${position + 1}`).join(', ');
  const rows = (schema: string, isBefore: number, isAfter: number) =>
    `SELECT ${isBefore} AS b, ${isAfter} AS a, ${columns
      .map((column, position) => `${quoteName(column.name)} AS c${position + 1}`)
      .join(', ')} FROM ${schema}.${name}`;
  // Columns without a type, so that nothing is converted on the way.
  database.exec(`CREATE TABLE ${changes} (before, after, ${cells})`);
  database.run(
    `INSERT INTO ${changes} SELECT sum(b), sum(a), ${cells}
     FROM (${rows('actual', 1, 0)} UNION ALL ${rows('main', 0, 1)})
     GROUP BY ${identity(table)} HAVING sum(b)<>sum(a)`,
  );
  const [counts = []] = database.rows(
    `SELECT total(max(after-before, 0)), total(max(before-after, 0)) FROM ${changes}`,
  );
  const [inserts, deletes] = [Number(counts[0]), Number(counts[1])];
  const rowsAfter = database.count(`SELECT count(*) FROM main.${name}`);
  return {
    table: table.name,
    inserts,
    updates: 0,
    deletes,
    unchanged: rowsAfter - inserts,
    rowsBefore: database.count(`SELECT count(*) FROM actual.${name}`),
    rowsAfter,
    changedColumns: [],
  };
}

function identity(table: Table): string {
  return storedColumns(table)
    .flatMap((_, position) => cellIdentity(`c${position + 1}`))
    .join(', ');
}

/** Each row whose number changes, led by its number on that side; rows that are not there at all are left out. */
export function bagChangesOf(
  comparison: Comparison,
  table: Table,
  index: number,
  side: 'old' | 'new',
): Iterable<SqlValue[]> {
  const count = side === 'old' ? 'before' : 'after';
  const cells = storedColumns(table).map((_, position) => `c${position + 1}`);
  return comparison.database.exactRows([count, ...cells], `FROM ${changesTable(index)} WHERE ${count}>0`);
}

/** Each row of the desired table once, led by how often it is there. */
export function desiredBagOf(comparison: Comparison, table: Table): Iterable<SqlValue[]> {
  const columns = storedColumns(table);
  const cells = columns.map((_, position) => `c${position + 1}`);
  const named = columns.map(({ name }, position) => `${quoteName(name)} AS c${position + 1}`).join(', ');
  return comparison.database.exactRows(
    ['n', ...cells],
    `FROM (SELECT count(*) AS n, * FROM (SELECT ${named} FROM main.${quoteName(table.name)}) GROUP BY ${identity(table)})`,
  );
}
