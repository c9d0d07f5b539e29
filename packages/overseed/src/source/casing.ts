/** Names of columns that a Drizzle schema leaves to `casing`, as `drizzle(…, { casing })` makes them of the keys in code. */

export type Casing = 'snake_case' | 'camelCase';

/** `HTMLPage2Title` is made of HTML, Page, 2 and Title; whatever is neither letter nor digit of ASCII parts words. */
const WORDS = /[A-Z]+(?![a-z])|[A-Z]?[a-z\d]+/g;

export function inCasing(key: string, casing: Casing | undefined): string {
  if (casing === undefined) return key;
  const words = key.replaceAll(/['\u2019]/g, '').match(WORDS) ?? [];
  if (casing === 'snake_case') return words.join('_').toLowerCase();
  return words
    .map((word, index) => (index === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}
