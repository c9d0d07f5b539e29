import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Asset, type LedgerEntry, toPublicId } from '../../model/asset.ts';
import { locatePictures } from './locate-pictures.ts';
import { storedPicture } from './stored-picture.ts';
import { thumbnailOf } from './thumbnail.ts';

let asked: string[] = [];
const server = createServer(({ url = '' }, response) => {
  asked.push(url);
  if (url === '/good') response.end('bytes');
  else if (url === '/moved') response.writeHead(302, { location: '/good' }).end();
  else if (url === '/large') response.end(Buffer.alloc(9_000_000));
  else if (url !== '/silent') response.writeHead(404).end();
});
let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('a picture of the store is had soon, from its own place, and of a bearable size, or not at all', async () => {
  asked = [];
  const never = new AbortController().signal;
  const store = { urlOf: ({ publicId }: { publicId: string }) => `${origin}/${publicId}` };
  const read = (name: string, signal = never) =>
    storedPicture({ publicId: toPublicId(name), format: 'png' }, store, signal);
  expect(String(await read('good'))).toBe('bytes');
  expect(await read('gone')).toBe('not to be had (HTTP 404)');
  expect(await read('large')).toBe('too large to be shown');
  expect(await read('moved')).toContain('not to be had');
  expect(await read('silent', AbortSignal.timeout(50))).toBe('the store did not answer in time');
  expect(asked).toEqual(['/good', '/gone', '/large', '/moved', '/silent']);
});

test('only URLs that the ledger knows are asked for: rows do not decide which addresses this machine visits', () => {
  const mark = (digit: string) => digit.repeat(20);
  const entry = (publicId: string) => ({ publicId, format: 'png' }) as LedgerEntry;
  const store = {
    urlOf: ({ publicId, format }: { publicId: string; format: string }) =>
      `https://cdn.example.com/${publicId}.${format}`,
  };
  const ledger = new Map([
    ['1', entry(`shop/a-${mark('a')}`)],
    ['2', entry(`shop/b-${mark('b')}`)],
  ]);
  const assets = [{ publicId: `shop/b-${mark('b')}`, format: 'png', file: '/site/b.png' }] as Asset[];
  const known = `https://cdn.example.com/shop/a-${mark('a')}.png`;
  const local = `https://cdn.example.com/shop/b-${mark('b')}.png`;
  const strangers = [
    `http://169.254.169.254/latest/a-${mark('a')}.png`,
    `https://cdn.example.com/w_20/shop/a-${mark('a')}.png`,
    'http://localhost/',
  ];
  const places = locatePictures(new Set([known, local, ...strangers]), assets, ledger, store);
  expect(places.get(known)).toMatchObject({ kind: 'store', asset: { publicId: `shop/a-${mark('a')}` } });
  expect(places.get(local)).toEqual({ kind: 'file', file: '/site/b.png' });
  expect(strangers.map((url) => places.get(url))).toEqual(strangers.map(() => ({ kind: 'unknown' })));
});

test('a small picture is drawn anew: small in bytes, without scripts, and nothing for what is no picture', async () => {
  const noise = await sharp({
    create: {
      width: 1_200,
      height: 900,
      channels: 3,
      background: 'red',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .jpeg()
    .toBuffer();
  const drawn = await thumbnailOf(sharp, noise);
  expect(typeof drawn === 'string' ? drawn.length : drawn.uri.length).toBeLessThan(12_100);
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><script>alert(1)</script><rect width="40" height="20" fill="blue"/></svg>';
  const drawing = await thumbnailOf(sharp, Buffer.from(svg));
  expect(drawing).toMatchObject({
    width: 40,
    height: 20,
    uri: expect.stringMatching(/^data:image\/webp;base64,/),
  });
  expect(await thumbnailOf(sharp, Buffer.from('no picture'))).toBe('no picture that can be shown here');
});
