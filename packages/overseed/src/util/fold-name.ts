/**
 * Two SQLite names are the same when they differ only in the case of the letters A to Z; `é` and `É` are two names.
 * (JavaScript's `toLowerCase` would also fold the latter, and the Kelvin sign into `k`.)
 */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
