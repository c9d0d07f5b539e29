/**
 * One SQLite value as JavaScript. The JavaScript type says the storage class, so nothing is ever guessed:
 * `null` is NULL, `bigint` INTEGER, `number` REAL (also when it is a whole number), `string` TEXT, bytes BLOB.
 */
export type SqlValue = null | bigint | number | string | Uint8Array;

/** One row, in the order of its columns. */
export type Row = readonly SqlValue[];

/** How a value looks in a message: short, on one line, without control characters. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);
  const plain = text.replace(/\p{Cc}/gu, '�');
  return plain.length > 60 ? `${plain.slice(0, 57)}…` : plain;
}
