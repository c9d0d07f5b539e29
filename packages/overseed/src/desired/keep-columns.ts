/** Columns that the source leaves to a non-constant default keep the value of the row that is already there. */

import { storedColumns, type Table } from '../model/schema.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import { cellIdentity } from '../sqlite/same-cell.ts';
import { sameKey } from '../sqlite/same-key.ts';
import { quoteName } from '../util/sql.ts';

export interface KeptColumns {
  readonly table: Table;
  readonly columns: readonly string[];
}

/** Changes the desired database in place. */
export function keepColumns(
  database: LocalDatabase,
  keptColumns: readonly KeptColumns[],
  actualFile: string,
): void {
  database.run('ATTACH ? AS actual', [actualFile]);
  try {
    for (const { table, columns } of keptColumns) {
      const sets = columns.map((column) => `${quoteName(column)}=a.${quoteName(column)}`).join(', ');
      const name = quoteName(table.name);
      if (table.key.length > 0)
        database.run(
          `UPDATE main.${name} AS d SET ${sets} FROM actual.${name} AS a WHERE ${sameKey(table, 'a', 'd')}`,
        );
      else keepInBag(database, table, columns, sets);
    }
  } finally {
    database.exec('DETACH actual');
  }
}

/** Without a key, the first of the rows that are equal otherwise takes the values of the first such row, and so on. */
function keepInBag(database: LocalDatabase, table: Table, columns: readonly string[], sets: string): void {
  const rowid = rowidName(table);
  const others = storedColumns(table).filter(({ name }) => !columns.includes(name));
  if (rowid === undefined || others.length === 0) return;
  const partition = others.flatMap((column) => cellIdentity(quoteName(column.name))).join(', ');
  const counted = (schema: string) =>
    `(SELECT *, ${rowid} AS overseed_row, row_number() OVER (PARTITION BY ${partition} ORDER BY ${rowid}) AS overseed_copy
      FROM ${schema}.${quoteName(table.name)})`;
  const same = others.flatMap((column) => {
    const [left, right] = ['a', 'd'].map((alias) => cellIdentity(`${alias}.${quoteName(column.name)}`));
    return (left ?? []).map((part, index) => `${part} IS ${right?.[index]}`);
  });
  database.run(
    `UPDATE main.${quoteName(table.name)} AS t SET ${sets} FROM ${counted('actual')} AS a JOIN ${counted('main')} AS d
     ON a.overseed_copy=d.overseed_copy AND ${same.join(' AND ')} WHERE t.${rowid}=d.overseed_row`,
  );
}
