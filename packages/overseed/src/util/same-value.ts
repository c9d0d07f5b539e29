type Value = null | bigint | number | string | Uint8Array;

/** Whether two values of SQLite are equal: the same storage class, and the same value. */
export function isSameValue(first: Value, second: Value): boolean {
  if (first instanceof Uint8Array && second instanceof Uint8Array) return Buffer.compare(first, second) === 0;
  return first === second;
}
