/**
 * `terms` joined by an operator, in nested halves: SQLite parses `a OR b OR c …` into a tree as deep as it is long, and
 * refuses one deeper than 1,000, which a table of some hundred columns would reach.
 */
export function joinBalanced(terms: readonly string[], operator: 'AND' | 'OR' | '||' | '+'): string {
  if (terms.length <= 8) return terms.join(` ${operator} `);
  const middle = terms.length >> 1;
  const left = joinBalanced(terms.slice(0, middle), operator);
  const right = joinBalanced(terms.slice(middle), operator);
  return `(${left}) ${operator} (${right})`;
}
