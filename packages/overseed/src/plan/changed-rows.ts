/** The rows behind a plan, streamed from the two files when they are needed. */
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { sameKey } from '../sqlite/same-key.ts';
import { quoteName } from '../util/sql.ts';
import { type ChangeKind, type Comparison, changesTable } from './compare-tables.ts';

/** `old` rows are as they were pulled, `new` rows as they shall be; cells are the stored columns in order. */
export function changedRowsOf(
  comparison: Comparison,
  table: Table,
  index: number,
  side: 'old' | 'new',
  kinds: readonly ChangeKind[],
): Iterable<SqlValue[]> {
  const schema = side === 'old' ? 'actual' : 'main';
  const cells = storedColumns(table).map(({ name }) => `r.${quoteName(name)}`);
  if (table.key.length === 0) {
    const plan = comparison.tables[index];
    const wanted =
      kinds.includes(side === 'old' ? 'delete' : 'insert') && plan && plan.inserts + plan.deletes > 0;
    return wanted ? comparison.database.exactRows(cells, `FROM ${schema}.${quoteName(table.name)} AS r`) : [];
  }
  return comparison.database.exactRows(
    cells,
    `FROM ${changesTable(index)} AS c JOIN ${schema}.${quoteName(table.name)} AS r ON ${sameKey(table, 'r', 'c')}
     WHERE c.kind IN (${kinds.map((kind) => `'${kind}'`).join(',')}) ORDER BY c.rowid`,
  );
}

/** Every row of the desired table, in the order of its key. */
export function desiredRowsOf(comparison: Comparison, table: Table): Iterable<SqlValue[]> {
  const cells = storedColumns(table).map(({ name }) => quoteName(name));
  const order = table.key.length > 0 ? ` ORDER BY ${table.key.map(quoteName).join(',')}` : '';
  return comparison.database.exactRows(cells, `FROM main.${quoteName(table.name)}${order}`);
}
