import type { Table } from '../model/schema.ts';
import { quoteName } from '../util/sql.ts';

/** Join condition of two rows with the same key. `IS`, because an old table may have NULL in its key. */
export function sameKey(table: Table, left: string, right: string): string {
  return table.key.map((name) => `${left}.${quoteName(name)} IS ${right}.${quoteName(name)}`).join(' AND ');
}
