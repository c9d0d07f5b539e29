import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isInScope, unmatched } from './scope.ts';

const scope = (include: string[], exclude: string[] = []) => ({ include, exclude });

test.each([
  [scope(['*']), 'posts', true],
  [scope(['posts']), 'Posts', true],
  [scope(['post?']), 'posts', true],
  [scope(['post?']), 'post', false],
  [scope(['shop_*']), 'shop_orders', true],
  [scope(['shop_*']), 'myshop_orders', false],
  [scope(['*'], ['tmp_*']), 'tmp_1', false],
  [scope(['a.c']), 'abc', false],
  [scope(['a[b]']), 'a[b]', true],
  [scope(['*é']), 'café', true],
  [scope(['*É']), 'café', false],
  [scope(['?']), '😀', true],
  [scope(['*']), 'a\nb', true],
])('%j and %s: %s', (patterns, table, expected) => {
  expect(isInScope(patterns, table)).toBe(expected);
});

test('bookkeeping of other tools is in scope only when it is named', () => {
  expect(isInScope(scope(['*']), '__drizzle_migrations')).toBe(false);
  expect(isInScope(scope(['__*']), '__drizzle_migrations')).toBe(false);
  expect(isInScope(scope(['__drizzle_migrations']), '__drizzle_migrations')).toBe(true);
});

test('every name matches itself, whatever characters it has', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => isInScope(scope([name]), name)),
  );
});

test('what is included and matches no table is named; a lone star never is', () => {
  expect(unmatched(scope(['*', 'posts', 'tgas', 'x_*']), ['posts', 'tags'])).toEqual(['tgas', 'x_*']);
});
