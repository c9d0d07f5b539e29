import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { OverseedError } from '../model/error.ts';
import { type AssetsInput, parseAssets } from './asset-tables.ts';

const columns = { from: 'images', path: 'image', url: 'imageUrl' };

function complaint(assets: unknown): string {
  try {
    parseAssets(assets as AssetsInput, '/site');
  } catch (error) {
    expect(error).toBeInstanceOf(OverseedError);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', state: 'not-contacted' });
    return (error as OverseedError).what;
  }
  return '';
}

describe('asset columns', () => {
  test('one declaration or a list of them; folders become absolute', () => {
    const parsed = parseAssets(
      { tables: { Homes: columns, Towns: [columns, { ...columns, path: 'map' }] } },
      '/site',
    );
    const declaration = {
      path: 'image',
      url: 'imageUrl',
      root: path.resolve('/site/images'),
      cache: path.resolve('/site/.overseed/cache'),
    };
    expect(parsed).toEqual({ Homes: [declaration], Towns: [declaration, { ...declaration, path: 'map' }] });
  });

  test('what is said for all tables holds for each that does not say otherwise', () => {
    const parsed = parseAssets(
      { svg: 'sanitize', optimise: { maxWidth: 9 }, tables: { A: columns, B: { ...columns, svg: 'allow' } } },
      '/site',
    );
    expect(parsed.A?.[0]).toMatchObject({ svg: 'sanitize', optimise: { maxWidth: 9 } });
    expect(parsed.B?.[0]).toMatchObject({ svg: 'allow', optimise: { maxWidth: 9 } });
  });

  test('every problem is named at once, with its place and the nearest key', () => {
    const wrong = {
      remote: { host: ['x'] },
      tables: {
        Homes: { from: 'images', path: 'image', publicID: 'id', svg: 'yes', list: 'true' },
        Towns: [
          columns,
          { ...columns, url: '', optimise: { maxWidth: 0, quality: 101, format: 'jpg', widht: 1 } },
        ],
        Streets: 'images',
      },
    };
    expect(complaint(wrong).split('\n')).toEqual([
      'The asset columns have 12 problems:',
      '  assets.remote.hosts: is missing',
      '  assets.remote.host: is not a known key (did you mean hosts?)',
      '  assets.tables.Homes.url: is missing',
      '  assets.tables.Homes.publicID: is not a known key (did you mean publicId?)',
      '  assets.tables.Homes.svg: is "yes", and must be "refuse" or "sanitize" or "allow"',
      '  assets.tables.Homes.list: is "true", and must be true or false',
      '  assets.tables.Towns[1].url: is "", and must be a text',
      '  assets.tables.Towns[1].optimise.maxWidth: is 0, and must be a whole number from 1 to 100000',
      '  assets.tables.Towns[1].optimise.quality: is 101, and must be a whole number from 1 to 100',
      '  assets.tables.Towns[1].optimise.format: is "jpg", and must be "avif" or "jpeg" or "png" or "webp"',
      '  assets.tables.Towns[1].optimise.widht: is not a known key',
      '  assets.tables.Streets: is "images", and must be an object',
    ]);
  });

  test.each([
    ['constructor', 'is not a known key'],
    ['toString', 'is not a known key'],
  ])('a key named %s is no key', (key, message) => {
    expect(complaint({ tables: { Homes: { ...columns, [key]: 'x' } } })).toContain(message);
  });

  test('sizes that only the store will know cannot be columns', () => {
    const optimise = { maxWidth: 800, by: 'store' as const };
    const told = complaint({
      optimise,
      tables: { Homes: { ...columns, width: 'w', bytes: 'b', format: 'f' } },
    });
    expect(told).toContain('assets.tables.Homes.width: is known only after the store');
    expect(told).toContain('assets.tables.Homes.bytes: is known only after the store');
    expect(told).not.toContain('.format:');
  });
});

describe('hosts', () => {
  const withHost = (host: string) => complaint({ remote: { hosts: [host] }, tables: {} });
  test.each([
    'cdn.example.com',
    '*.example.com',
    'localhost:8080',
    '127.0.0.1:9',
    '[::1]:80',
    'a_b.example.com',
  ])('%s', (host) => {
    expect(withHost(host)).toBe('');
  });
  test.each(['', '*', 'https://cdn.example.com', 'cdn.example.com/path', 'cdn.*.com', 'a b', '*.'])(
    '%j is none',
    (host) => {
      expect(withHost(host)).toContain('assets.remote.hosts[0]: is');
    },
  );
});
