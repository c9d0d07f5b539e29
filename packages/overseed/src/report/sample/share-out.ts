/**
 * Shares `total` among claims: who wants little gets all of it, and what that leaves goes to the others in equal parts.
 * @returns whole numbers, none larger than its claim, together at most `total`
 */
export function shareOut(claims: readonly number[], total: number): number[] {
  const shares = claims.map(() => 0);
  let left = total;
  const byClaim = [...claims.keys()].sort((a, b) => (claims[a] ?? 0) - (claims[b] ?? 0));
  for (const [position, index] of byClaim.entries()) {
    const share = Math.min(claims[index] ?? 0, Math.floor(left / (byClaim.length - position)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}
