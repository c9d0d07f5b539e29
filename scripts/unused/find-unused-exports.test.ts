import { expect, test } from 'vitest';
import { findUnusedExports } from './find-unused-exports.ts';

function unusedIn(files: Record<string, string>): string[] {
  return findUnusedExports(new Map(Object.entries(files)));
}

test('reports each kind of exported value that nobody else mentions', () => {
  const source =
    'export const a = 1;\nexport async function b() {}\nexport class C {}\nexport function* d() {}\n';
  expect(unusedIn({ 'packages/x/src/a.ts': source })).toHaveLength(4);
});

test('is content when another file mentions the name', () => {
  expect(unusedIn({ 'packages/x/src/a.ts': 'export const a = 1;', 'test/b.test.ts': 'expect(a)' })).toEqual(
    [],
  );
});

test('takes whole words only', () => {
  expect(
    unusedIn({ 'packages/x/src/a.ts': 'export const row = 1;', 'packages/x/src/b.ts': 'const rows = 2;' }),
  ).toEqual(['packages/x/src/a.ts: row is exported, but no other file uses it']);
});

test('leaves types and code outside the packages alone', () => {
  expect(
    unusedIn({
      'packages/x/src/a.ts': 'export type A = 1;',
      'examples/y/config.ts': 'export const collections = 1;',
    }),
  ).toEqual([]);
});
