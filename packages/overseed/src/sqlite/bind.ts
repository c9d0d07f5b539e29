/** Turning rows into SQL text with bound values. */
import type { Row, SqlValue } from '../model/value.ts';

/**
 * The SQL for one value: a placeholder, with the value pushed onto `args`; or an expression for the few numbers
 * that JSON cannot carry to a server. (`-0.0` as a literal would lose its sign, so it is computed.)
 */
export function bindValue(value: SqlValue, args: SqlValue[]): string {
  if (value === Infinity) return '9e999';
  if (value === -Infinity) return '-9e999';
  if (Object.is(value, -0)) return '(0.0*-1.0)';
  args.push(value);
  return '?';
}

/** `(…),(…)` for a VALUES clause, its values pushed onto `args`. */
export function bindRows(rows: readonly Row[], args: SqlValue[]): string {
  return rows.map((row) => `(${row.map((value) => bindValue(value, args)).join(',')})`).join(',');
}
