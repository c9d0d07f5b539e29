/** Rows of a table by ranges of their key, in the order of the index behind it: the same rows on every engine. */
import type { Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { quoteName } from '../util/sql.ts';

export interface KeyRange {
  /** Cells of the key before the first row; null from the beginning. */
  readonly after: readonly SqlValue[] | null;
  /** Cells of the key of the last row; null to the end. */
  readonly upTo: readonly SqlValue[] | null;
}

/** `WHERE …` of a range, or nothing; its values are pushed onto `args`. */
export function whereInRange(table: Table, { after, upTo }: KeyRange, args: SqlValue[]): string {
  const bounds = [
    ...(after ? [bound(table, '>', after, args)] : []),
    ...(upTo ? [bound(table, '<=', upTo, args)] : []),
  ];
  return bounds.length > 0 ? `WHERE ${bounds.join(' AND ')}` : '';
}

export function orderByKey(table: Table): string {
  return `ORDER BY ${keyCells(table).join(', ')}`;
}

/** REALs may arrive changed in their last bit, and then a range would begin elsewhere. */
export function canBound(cells: readonly SqlValue[]): boolean {
  return cells.every((cell) => cell !== null && typeof cell !== 'number');
}

function bound(table: Table, operator: '>' | '<=', cells: readonly SqlValue[], args: SqlValue[]): string {
  args.push(...cells);
  return `(${keyCells(table).join(', ')}) ${operator} (${cells.map(() => '?').join(', ')})`;
}

/** With the collations of the index, which are not always those of the columns. */
function keyCells({ key, keyIndex }: Table): string[] {
  return key.map((name) => {
    const position = keyIndex?.columns.indexOf(name) ?? -1;
    const collation = keyIndex?.collations[position];
    return collation === undefined ? quoteName(name) : `${quoteName(name)} COLLATE ${quoteName(collation)}`;
  });
}
