import { describe, expect, test } from 'vitest';
import { toPublicId } from './public-id.ts';

describe('public IDs', () => {
  test.each([
    ['catalog/ab12', 'catalog/ab12'],
    ['  /trimmed/ ', 'trimmed'],
    ['with space', 'with space'],
    ['a:b*c', 'a_b_c'],
    ['héllo/日本', 'héllo/日本'],
    [`folder/${'x'.repeat(255)}`, `folder/${'x'.repeat(255)}`],
  ])('%j is stored as %j', (sent, stored) => {
    expect(toPublicId(sent)).toBe(stored);
  });

  test.each([
    '',
    ' / ',
    ...[...'?&#\\%<>+'].map((character) => `a${character}b`),
    'a/v12/b',
    'v1',
    'images/a',
    'a/videos/b',
    'a//b',
    'a/../b',
    'x'.repeat(256),
  ])('%j is refused', (sent) => {
    expect(() => toPublicId(sent)).toThrow(/^public_id \(.*\) is invalid/);
  });
});
