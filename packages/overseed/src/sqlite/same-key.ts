import type { Table } from '../model/schema.ts';
import { quoteName } from '../util/sql.ts';

/** Join condition of two rows with the same key. `IS`, because an old table may have NULL in its key;
 *  `=` where it has none, since an outer join finds its rows by index only so. */
export function sameKey(table: Table, left: string, right: string, operator: 'IS' | '=' = 'IS'): string {
  return table.key
    .map((name) => `${left}.${quoteName(name)} ${operator} ${right}.${quoteName(name)}`)
    .join(' AND ');
}
