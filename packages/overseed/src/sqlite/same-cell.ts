/**
 * When are two cells equal? When they have the same storage class and the same value, text byte by byte: an integer is
 * never equal to a real, NULL equals NULL, -0.0 is not 0.0, and a column's collation plays no part.
 */
import { affinityOf, type Column } from '../model/schema.ts';

/** Every other column turns -0.0 into 0 or 0.0, or into text, when it is stored. */
function keepsNegativeZero({ type }: Column): boolean {
  return affinityOf(type) === 'BLOB' || type.toUpperCase() === 'ANY';
}

/** SQL of "this cell differs"; at the outermost level it is an OR in parentheses. */
export function cellDiffers(column: Column, left: string, right: string): string {
  const sign = keepsNegativeZero(column)
    ? ` OR (${left}=0 AND CAST(${left} AS TEXT)<>CAST(${right} AS TEXT))`
    : '';
  return `(${left} COLLATE BINARY IS NOT ${right} COLLATE BINARY OR typeof(${left})<>typeof(${right})${sign})`;
}

/** SQL expressions that are equal for two cells exactly when the cells are; for GROUP BY and row values. */
export function cellIdentity(column: Column, cell: string): [value: string, storageClass: string] {
  const sign = keepsNegativeZero(column)
    ? `||CASE WHEN ${cell}=0 AND CAST(${cell} AS TEXT)='-0.0' THEN '-' ELSE '' END`
    : '';
  return [`${cell} COLLATE BINARY`, `typeof(${cell})${sign}`];
}
