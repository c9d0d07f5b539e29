/** A table or column that is not there may only have another name now. A guess for people; nothing acts on it. */
import { affinityOf, type Schema, storedColumns, type Table } from '../model/schema.ts';
import type { Source, SourceTable } from '../source/source.ts';
import { foldName } from '../util/fold-name.ts';

/** A table that the source does not know, with the very columns of the one that is missing. */
export function guessTable({ columns }: SourceTable, source: Source, schema: Schema): string | undefined {
  if (!columns) return undefined;
  const known = new Set(source.tables.map(({ name }) => foldName(name)));
  const wanted = columns.map(({ name }) => foldName(name)).join('\n');
  const alike = [...schema.tables.values()].filter(
    (table) =>
      !known.has(foldName(table.name)) &&
      storedColumns(table)
        .map(({ name }) => foldName(name))
        .join('\n') === wanted,
  );
  return alike.length === 1 ? alike[0]?.name : undefined;
}

/**
 * `RENAME COLUMN` leaves a column in its place, and `ADD COLUMN` adds at the end: so it is what follows the same column
 * there, if the source does not know that, and nothing else is missing beside it.
 */
export function guessColumn(
  { columns = [] }: SourceTable,
  missing: number,
  table: Table,
): string | undefined {
  const there = storedColumns(table);
  const find = (name: string | undefined) =>
    there.findIndex((column) => name !== undefined && foldName(column.name) === foldName(name));
  const before = columns[missing - 1];
  const after = columns[missing + 1];
  if ((before && find(before.name) < 0) || (after && find(after.name) < 0)) return undefined;
  const candidate = there[find(before?.name) + 1];
  const isKnown = columns.some(({ name }) => foldName(name) === foldName(candidate?.name ?? name));
  const type = columns[missing]?.type ?? '';
  return candidate && !isKnown && affinityOf(candidate.type) === affinityOf(type)
    ? candidate.name
    : undefined;
}
