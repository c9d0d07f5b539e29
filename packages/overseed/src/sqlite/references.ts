/** Foreign keys as SQL, by the rules that the engine itself uses (sqlite.org/foreignkeys.html, sections 3 and 4). */
import { type ForeignKey, referencedColumns, type Table } from '../model/schema.ts';
import { quoteName } from '../util/sql.ts';

/**
 * The row `child` points to the row `parent`. The parent stands on the left, so its collation counts; the plus takes
 * the child's affinity away, so that the parent's is applied.
 */
export function refersTo(foreignKey: ForeignKey, child: string, parentTable: Table, parent: string): string {
  const columns = referencedColumns(foreignKey, parentTable);
  return foreignKey.columns
    .map((name, index) => `${parent}.${quoteName(columns[index] ?? name)} = +${child}.${quoteName(name)}`)
    .join(' AND ');
}

/** The row `child` has a reference (none of its columns is NULL), and no row of the parent table has it. */
export function refersToNothing(
  foreignKey: ForeignKey,
  child: string,
  parentTable: Table,
  schema = 'main',
): string {
  const parent = `${schema}.${quoteName(parentTable.name)} AS p`;
  return `${hasReference(foreignKey, child)} AND NOT EXISTS (SELECT 1 FROM ${parent} WHERE ${refersTo(foreignKey, child, parentTable, 'p')})`;
}

export function hasReference(foreignKey: ForeignKey, child: string): string {
  return foreignKey.columns.map((name) => `${child}.${quoteName(name)} IS NOT NULL`).join(' AND ');
}
