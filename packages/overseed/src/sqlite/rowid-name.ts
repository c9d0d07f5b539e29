import type { Table } from '../model/schema.ts';

/** A name of the rowid that no column of the table hides; undefined when there is none, or no rowid. */
export function rowidName(table: Table): string | undefined {
  if (table.withoutRowid) return undefined;
  const taken = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name));
}
