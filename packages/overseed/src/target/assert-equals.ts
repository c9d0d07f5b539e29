import type { SqlValue } from '../model/value.ts';
import type { Statement } from './target.ts';

/**
 * A statement that fails unless `found` (SQL of one number) equals `expected`. There is no RAISE outside triggers,
 * so it overflows: the absolute value of the smallest integer does not exist.
 */
export function assertEquals(found: string, expected: number, args: readonly SqlValue[] = []): Statement {
  return {
    sql: `SELECT CASE WHEN found=? THEN 1 ELSE abs(-9223372036854775807-(found IS NOT NULL)) END FROM (SELECT (${found}) AS found)`,
    args: [BigInt(expected), ...args],
  };
}
