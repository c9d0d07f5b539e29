import type { Column } from '../model/schema.ts';

/** A name of the rowid that no column of the table hides; undefined when there is none, or no rowid. */
export function rowidName(table: {
  readonly withoutRowid: boolean;
  readonly columns: readonly Pick<Column, 'name'>[];
}): string | undefined {
  if (table.withoutRowid) return undefined;
  const taken = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name));
}
