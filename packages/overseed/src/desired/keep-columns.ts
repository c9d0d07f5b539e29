/** Columns that the source leaves to a non-constant default keep the value of the row that is already there. */

import { sameKey } from '../sqlite/same-key.ts';
import { quoteName } from '../util/sql.ts';
import type { Desired } from './desired.ts';

/** Changes the desired database in place. */
export function keepColumns(desired: Desired, actualFile: string): void {
  const { database, keptColumns } = desired;
  if (keptColumns.length === 0) return;
  database.run('ATTACH ? AS actual', [actualFile]);
  try {
    for (const { table, columns } of keptColumns) {
      if (table.key.length === 0) continue;
      const name = quoteName(table.name);
      const sets = columns.map((column) => `${quoteName(column)}=a.${quoteName(column)}`).join(', ');
      database.run(
        `UPDATE main.${name} AS d SET ${sets} FROM actual.${name} AS a WHERE ${sameKey(table, 'a', 'd')}`,
      );
    }
  } finally {
    database.exec('DETACH actual');
  }
}
