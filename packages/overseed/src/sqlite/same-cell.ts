/**
 * When are two cells equal? When they have the same storage class and the same value, text byte by byte: an integer is
 * never equal to a real, NULL equals NULL, and a column's collation plays no part. The sign of a REAL zero counts for
 * nothing: no SQL of this engine shows it, its text is `0.0` either way.
 */
import type { Column } from '../model/schema.ts';
import { kindOf } from './column-kind.ts';

/** SQL of "this cell differs". `column` is what both are cells of, in files of our own, where every value obeys its affinity. */
export function cellDiffers(column: Column, left: string, right: string): string {
  const isOther = `${left} COLLATE BINARY IS NOT ${right} COLLATE BINARY`;
  // Only an integer and a REAL may have one value and two storage classes; such a column holds at most one of them.
  if (kindOf(column) !== 'any') return `(${isOther})`;
  return `(${isOther} OR typeof(${left})<>typeof(${right}))`;
}

/** SQL expressions that are equal for two cells exactly when the cells are; for GROUP BY and joins. */
export function cellIdentity(cell: string): [value: string, storageClass: string] {
  return [`${cell} COLLATE BINARY`, `typeof(${cell})`];
}
