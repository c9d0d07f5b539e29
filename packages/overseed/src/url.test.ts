import { describe, expect, test } from 'vitest';
import { deliveryUrl } from './url.ts';

const PICTURE = 'https://res.cloudinary.com/demo/image/upload/v1/my-site/kitchen-0a1b.jpg';

describe('deliveryUrl', () => {
  test('asks for the best format and quality unless told otherwise', () => {
    expect(deliveryUrl(PICTURE)).toBe(
      'https://res.cloudinary.com/demo/image/upload/f_auto,q_auto/v1/my-site/kitchen-0a1b.jpg',
    );
  });

  test.each([
    [{ width: 800 }, 'c_limit,f_auto,q_auto,w_800'],
    [{ height: 600 }, 'c_limit,f_auto,h_600,q_auto'],
    [{ width: 800, height: 600, format: 'webp', quality: 70 }, 'c_limit,f_webp,h_600,q_70,w_800'],
    [{ quality: 'auto:eco' }, 'f_auto,q_auto:eco'],
  ] as const)('%j', (options, transformation) => {
    expect(deliveryUrl(PICTURE, options)).toBe(PICTURE.replace('/v1/', `/${transformation}/v1/`));
  });

  test('hosts of one\u2019s own, and accounts without their name in the path', () => {
    expect(deliveryUrl('http://127.0.0.1:9/demo/image/upload/v1/a.png')).toContain(
      '/upload/f_auto,q_auto/v1/a.png',
    );
    expect(deliveryUrl('https://img.example.com/image/upload/v17/a.png')).toContain(
      '/upload/f_auto,q_auto/v17/a.png',
    );
  });

  test('leaves paths of the site itself alone, as the folder store writes them', () => {
    expect(deliveryUrl('/media/kitchen-0a1b.jpg', { width: 800 })).toBe('/media/kitchen-0a1b.jpg');
  });

  test.each([
    'https://example.com/a.jpg',
    'https://example.com/demo/image/upload.jpg',
    'https://res.cloudinary.com/demo/raw/upload/v1/a.pdf',
    'https://res.cloudinary.com/demo/image/upload/v1/a.jpg?x=1',
    '//res.cloudinary.com/demo/image/upload/v1/a.jpg',
    'javascript:alert(1)//res.cloudinary.com/demo/image/upload/v1/a.jpg',
    'kitchen.jpg',
    '',
  ])('refuses %j', (url) => {
    expect(() => deliveryUrl(url)).toThrow(TypeError);
    expect(() => deliveryUrl(url)).toThrow('is not the address of a Cloudinary picture');
  });

  test('refuses what has been transformed or signed already', () => {
    const twice = () => deliveryUrl(deliveryUrl(PICTURE, { width: 9 }), { width: 9 });
    expect(twice).toThrow('transformed or signed already');
    expect(() => deliveryUrl(PICTURE.replace('/v1/', '/s--abcdefgh--/v1/'))).toThrow(
      'transformed or signed already',
    );
  });

  test.each([
    { width: 0 },
    { width: 1.5 },
    { height: -1 },
    { width: Number.NaN },
    { width: '800' },
    { quality: 0 },
    { quality: 101 },
    { quality: 'best' },
    { format: 'exe' },
    { format: 'webp/x' },
  ])('refuses %j', (options) => {
    expect(() => deliveryUrl(PICTURE, options as never)).toThrow(TypeError);
    // Also where there is nothing to transform: a mistake shows in development.
    expect(() => deliveryUrl('/media/a.jpg', options as never)).toThrow(TypeError);
  });
});
