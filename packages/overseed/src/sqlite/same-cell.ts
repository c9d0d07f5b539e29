/**
 * When are two cells equal? When they have the same storage class and the same value, text byte by byte: an integer is
 * never equal to a real, NULL equals NULL, and a column's collation plays no part. The sign of a REAL zero counts for
 * nothing: no SQL of this engine shows it, its text is `0.0` either way.
 */

/** SQL of "this cell differs". */
export function cellDiffers(left: string, right: string): string {
  return `(${left} COLLATE BINARY IS NOT ${right} COLLATE BINARY OR typeof(${left})<>typeof(${right}))`;
}

/** SQL expressions that are equal for two cells exactly when the cells are; for GROUP BY and joins. */
export function cellIdentity(cell: string): [value: string, storageClass: string] {
  return [`${cell} COLLATE BINARY`, `typeof(${cell})`];
}
