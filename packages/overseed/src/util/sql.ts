/** A name as SQL: quoted, so that spaces, reserved words, quotes and emoji are all the same to us. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `count` placeholders in parentheses: `(?,?,?)`. */
export function placeholders(count: number): string {
  return `(${Array(count).fill('?').join(',')})`;
}

/** A text as an SQL literal, for the few places where SQLite takes no parameter. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Milliseconds since 1970 by the clock of the database that runs it. */
export const NOW_MS = `CAST((julianday('now')-2440587.5)*86400000 AS INTEGER)`;
