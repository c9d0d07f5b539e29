import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toContentHash } from '../model/asset.ts';
import { publicIdOf } from './public-id.ts';

const HASH = toContentHash('0123456789abcdef'.repeat(4));
const END = '-0123456789abcdef0123';

describe('a public ID', () => {
  test.each([
    ['kitchen.webp', 'kitchen'],
    ['villa/Küche & Baño.JPG', 'villa-kuche-bano'],
    ['a.b.c.jpg', 'a-b-c'],
    ['😀.png', 'asset'],
    ['😀 sea.png', 'sea'],
    ['שלום.png', 'asset'],
    ['?&#%\\<>+.png', 'asset'],
    ['a?b&c#d%e\\f.png', 'a-b-c-d-e-f'],
    ['.png', 'asset'],
    ['photos/.png', 'photos'],
    ['   .png', 'asset'],
    ['no-extension', 'no-extension'],
    ['v1.png', 'v1'],
    ['images.png', 'images'],
    ['İstanbul.png', 'istanbul'],
    ['-_.-.png', 'asset'],
    ['https://cdn.example.com/photos/kitchen.jpg', 'photos-kitchen'],
  ])('of %j', (path, stem) => {
    expect(publicIdOf('', path, HASH)).toBe(stem + END);
    expect(publicIdOf('my-site', path, HASH)).toBe(`my-site/${stem}${END}`);
  });

  test('keeps the end of a long path, which tells more than its beginning', () => {
    const id = publicIdOf('', `${'folder/'.repeat(100)}kitchen.png`, HASH);
    expect(id).toMatch(/^[a-z-]+-kitchen-0123456789abcdef0123$/);
    expect(id.length).toBeLessThanOrEqual(80 + END.length);
  });

  test('is within what every store keeps unchanged, whatever the file is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (path) => {
        expect(publicIdOf('p', path, HASH)).toMatch(/^p\/[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?-[0-9a-f]{20}$/);
      }),
    );
  });

  test('differs when the bytes differ, and only then', () => {
    const other = toContentHash('f'.repeat(64));
    expect(publicIdOf('', 'a.png', other)).not.toBe(publicIdOf('', 'a.png', HASH));
    expect(publicIdOf('', 'a.png', HASH)).toBe(publicIdOf('', 'a.png', HASH));
  });
});
