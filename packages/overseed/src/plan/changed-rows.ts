/** The rows behind a plan, streamed from the two files when they are needed. */
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { quoteName } from '../util/sql.ts';
import { bagChangesOf } from './compare-bags.ts';
import { type ChangeKind, type Comparison, changesTable, sameKeyAsChange } from './comparison.ts';

/**
 * `old` rows are as they were pulled, `new` rows as they shall be; cells are the stored columns in order. In a table
 * without identity, every copy of a changed row is a deleted one and an inserted one.
 * @param table as the comparison has it in its scope
 */
export function changedRowsOf(
  comparison: Comparison,
  table: Table,
  index: number,
  side: 'old' | 'new',
  kinds: readonly ChangeKind[],
): Iterable<SqlValue[]> {
  if (table.key.length === 0) {
    const wanted = kinds.includes(side === 'old' ? 'delete' : 'insert');
    return wanted ? copies(bagChangesOf(comparison, table, index, side)) : [];
  }
  const schema = side === 'old' ? 'actual' : 'main';
  return comparison.database.exactRows(
    storedColumns(table).map(({ name }) => `r.${quoteName(name)}`),
    `FROM ${changesTable(index)} AS c JOIN ${schema}.${quoteName(table.name)} AS r ON ${sameKeyAsChange(table, 'r', 'c')}
     WHERE c.kind IN (${kinds.map((kind) => `'${kind}'`).join(',')}) ORDER BY c.rowid`,
  );
}

function* copies(counted: Iterable<SqlValue[]>): Generator<SqlValue[]> {
  for (const [count, ...row] of counted) for (let copy = 0; copy < Number(count); copy++) yield row;
}

/** Every row of the desired table, in the order of its key. */
export function desiredRowsOf(comparison: Comparison, table: Table): Iterable<SqlValue[]> {
  const cells = storedColumns(table).map(({ name }) => quoteName(name));
  const order = table.key.length > 0 ? ` ORDER BY ${table.key.map(quoteName).join(',')}` : '';
  return comparison.database.exactRows(cells, `FROM main.${quoteName(table.name)}${order}`);
}
