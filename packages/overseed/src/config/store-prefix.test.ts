import { describe, expect, test } from 'vitest';
import { parseCloudinaryPrefix } from './store-prefix.ts';

describe('a prefix for Cloudinary', () => {
  test.each([
    ['', ''],
    ['/my-site/', 'my-site'],
    ['a/b/c.d_e', 'a/b/c.d_e'],
    ['v/v1x/images-of-mine', 'v/v1x/images-of-mine'],
    ['casa ñ', 'casa ñ'],
    ['x'.repeat(150), 'x'.repeat(150)],
  ])('%j is fine', (text, prefix) => {
    expect(parseCloudinaryPrefix(text)).toBe(prefix);
  });

  test.each([
    ['v1', 'has the part "v1"'],
    ['site/images', 'has the part "images"'],
    ['videos/x', 'has the part "videos"'],
    ['a/../b', 'names no folder'],
    ['a//b', 'names no folder'],
    ['a?b', 'holds "?"'],
    ['x'.repeat(151), 'is longer than 150'],
  ])('%j is refused', (text, message) => {
    expect(() => parseCloudinaryPrefix(text)).toThrow(message);
  });
});
