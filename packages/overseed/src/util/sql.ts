/** A name as SQL: quoted, so that spaces, reserved words, quotes and emoji are all the same to us. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL literal. For PRAGMA arguments and comments on schema objects only: values are bound. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `count` placeholders in parentheses: `(?,?,?)`. */
export function placeholders(count: number): string {
  return `(${Array(count).fill('?').join(',')})`;
}
