/** A name as SQL: quoted, so that spaces, reserved words, quotes and emoji are all the same to us. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `count` placeholders in parentheses: `(?,?,?)`. */
export function placeholders(count: number): string {
  return `(${Array(count).fill('?').join(',')})`;
}
