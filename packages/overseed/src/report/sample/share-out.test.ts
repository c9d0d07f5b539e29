import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOut } from './share-out.ts';

test('who wants little gets all of it, and the others share the rest', () => {
  expect(shareOut([1_000_000, 3, 0, 50], 100)).toEqual([49, 3, 0, 48]);
  expect(shareOut([5, 5], 100)).toEqual([5, 5]);
  expect(shareOut([], 10)).toEqual([]);
});

test('no share is larger than its claim, none is lost, and nobody gets less than somebody who claimed less', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000)), fc.nat(2_000), (claims, total) => {
      const shares = shareOut(claims, total);
      const sum = (numbers: number[]) => numbers.reduce((all, number) => all + number, 0);
      expect(sum(shares)).toBe(Math.min(total, sum(claims)));
      shares.forEach((share, index) => {
        expect(share).toBeLessThanOrEqual(claims[index] as number);
        shares.forEach((other, position) => {
          if ((claims[position] as number) < (claims[index] as number))
            expect(other).toBeLessThanOrEqual(share);
        });
      });
    }),
  );
});
