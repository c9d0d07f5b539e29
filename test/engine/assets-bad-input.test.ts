/** Files that cannot be used: each is named with its row, nothing is uploaded, and the target stays as it was. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type CloudinaryEmulator, startCloudinary } from 'local-cloud';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RemoteFiles } from '../../packages/overseed/src/model/asset-columns.ts';
import { type AssetSite, openAssetSite, refusal } from '../support/asset-site.ts';

let cloud: CloudinaryEmulator;
let web: Server;
let origin: string;

beforeAll(async () => {
  cloud = await startCloudinary({ limits: { imageMaxBytes: 20_000, imageMaxPixels: 250_000 } });
  web = createServer(({ url = '' }, response) => PAGES[url]?.(response));
  await new Promise<void>((listening) => web.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
});

afterAll(async () => {
  web.closeAllConnections();
  await new Promise((closed) => web.close(closed));
  await cloud.stop();
});

const PAGES: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/large.png': (response) => response.end(Buffer.alloc(5_000)),
  '/slow.png': (response) => response.write('x'),
  '/to-elsewhere.png': (response) =>
    response.writeHead(302, { location: 'http://elsewhere.example/a.png' }).end(),
};

interface Case {
  readonly what: string;
  make(site: AssetSite): unknown;
  /** What the row says; `photo.png` by default. */
  path?(): string;
  readonly message: string | RegExp;
  remote?(): RemoteFiles;
}

const put = (site: AssetSite, name: string, content: string | Uint8Array) =>
  writeFileSync(path.join(site.root, name), content);

const files: readonly Case[] = [
  { what: 'missing', make: () => undefined, message: /photo\.png is missing \(looked for .*photo\.png\)/ },
  {
    what: 'a folder',
    make: (site) => mkdirSync(path.join(site.root, 'photo.png')),
    message: 'photo.png is a folder',
  },
  {
    what: 'a pipe',
    make: (site) => execFileSync('mkfifo', [path.join(site.root, 'photo.png')]),
    message: 'photo.png is not an ordinary file',
  },
  {
    what: 'a link that leads nowhere',
    make: (site) => symlinkSync('nowhere', path.join(site.root, 'photo.png')),
    message: 'photo.png is a symbolic link that leads nowhere',
  },
  { what: 'empty', make: (site) => put(site, 'photo.png', ''), message: 'photo.png is empty' },
  {
    what: 'cut off',
    async make(site) {
      const bytes = await site.draw('photo.png', '#c33');
      put(site, 'photo.png', bytes.subarray(0, bytes.byteLength - 8));
    },
    message: 'photo.png is cut off: a PNG without its end',
  },
  {
    what: 'not an image',
    make: (site) => put(site, 'photo.png', 'Hello'),
    message: 'photo.png is not an image',
  },
  {
    what: 'another format than its name says',
    async make(site) {
      await site.draw('photo.jpg', '#c33');
    },
    path: () => 'photo.jpg',
    message: 'photo.jpg is a PNG inside, although its name ends in .jpg',
  },
  {
    what: 'a drawing, where nothing is said of drawings',
    make(site) {
      put(site, 'logo.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');
    },
    path: () => 'logo.svg',
    message: 'logo.svg is an SVG, which can carry scripts',
  },
  {
    what: 'outside of the folder',
    make(site) {
      writeFileSync(path.join(site.folder, 'secret.png'), 'secret');
    },
    path: () => '../secret.png',
    message: '../secret.png leads out of the asset folder',
  },
  {
    what: 'outside of the folder by way of a link',
    make(site) {
      symlinkSync('..', path.join(site.root, 'up'));
      writeFileSync(path.join(site.folder, 'secret.png'), 'secret');
    },
    path: () => 'up/secret.png',
    message: 'up/secret.png leads out of the asset folder',
  },
  {
    what: 'absolute',
    make: () => undefined,
    path: () => '/etc/hostname',
    message: '/etc/hostname is an absolute path',
  },
  {
    what: 'on the web, where nothing is said of the web',
    make: () => undefined,
    path: () => `${origin}/a.png?token=secret`,
    message: /http:\/\/127\.0\.0\.1:\d+\/a\.png is on the web, and no host is allowed/,
  },
  {
    what: 'on a host that is not allowed',
    make: () => undefined,
    path: () => `${origin}/a.png`,
    remote: () => ({ hosts: ['cdn.example.com'] }),
    message: /is on 127\.0\.0\.1:\d+, which is not among the allowed hosts \(cdn\.example\.com\)/,
  },
  {
    what: 'at an address inside this machine',
    make: () => undefined,
    path: () => `${origin}/a.png`,
    remote: () => ({ hosts: [new URL(origin).host] }),
    message: 'leads to 127.0.0.1, an address inside this machine or its network',
  },
  {
    what: 'behind a redirect to a host that is not allowed',
    make: () => undefined,
    path: () => `${origin}/to-elsewhere.png`,
    remote: () => ({ hosts: [new URL(origin).host], privateAddresses: 'allow' }),
    message: 'redirects to an address that is on elsewhere.example, which is not among the allowed hosts',
  },
  {
    what: 'larger than what is fetched',
    make: () => undefined,
    path: () => `${origin}/large.png`,
    remote: () => ({ hosts: [new URL(origin).host], privateAddresses: 'allow', maxBytes: 4_999 }),
    message: 'is larger than 4999 bytes',
  },
  {
    what: 'too slow',
    make: () => undefined,
    path: () => `${origin}/slow.png`,
    remote: () => ({ hosts: [new URL(origin).host], privateAddresses: 'allow', timeoutMs: 200 }),
    message: 'took longer than 200 ms',
  },
];

const SCHEMA = [
  'CREATE TABLE home (id TEXT PRIMARY KEY, photo TEXT, url TEXT)',
  "INSERT INTO home VALUES ('old','o','u')",
];

describe('nothing is uploaded and no row changes when a file is', () => {
  test.each(files)('$what', async ({ make, path: pathOf = () => 'photo.png', message, remote }) => {
    const prefix = `bad-${files.findIndex((one) => one.make === make)}`;
    await using site = await openAssetSite(cloud, prefix, ...SCHEMA);
    await site.draw('good.png', '#3c3');
    await make(site);
    const columns = { path: 'photo', url: 'url', ...(remote ? { remote: remote() } : {}) };
    const rows = {
      home: [
        { id: 'good', photo: 'good.png' },
        { id: 'bad', photo: pathOf() },
      ],
    };
    const error = await refusal(site.push(rows, { home: [site.declare(columns)] }));
    expect(error).toMatchObject({ code: 'ASSET_INVALID', exitCode: 4, state: 'old' });
    expect(error.what).toContain('the test has 1 problem:\n  home.photo (id=bad): ');
    expect(error.what).toMatch(message);
    expect(error.message).not.toContain('token=secret');
    expect(site.stored()).toEqual([]);
    expect(await site.rows('SELECT * FROM home')).toEqual([['old', 'o', 'u']]);
    expect(await site.rows("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%overseed%'")).toEqual([
      [0n],
    ]);
  });

  test('above the limits of the account: of bytes and of pixels', async () => {
    await using site = await openAssetSite(cloud, 'limits', ...SCHEMA);
    await site.draw('good.png', '#3c3');
    await site.draw('pixels.png', '#c33', { width: 501, height: 500 });
    const noise = Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i * i * 31) >> 3));
    const raw = { width: 100, height: 100, channels: 3 } as const;
    put(site, 'bytes.png', await sharp(noise, { raw }).png({ compressionLevel: 0 }).toBuffer());
    const rows = { home: ['good', 'pixels', 'bytes'].map((id) => ({ id, photo: `${id}.png` })) };
    const error = await refusal(site.push(rows, { home: [site.declare({ path: 'photo', url: 'url' })] }));
    expect(error).toMatchObject({ code: 'ASSET_INVALID', state: 'old' });
    expect(error.what).toContain('2 files are above the limits of the cloud "demo" (20000 bytes, 250000 px)');
    expect(error.what).toMatch(/pixels\.png: \d+ bytes, 501×500 px/);
    expect(error.what).toMatch(/bytes\.png: 30\d{3} bytes, 100×100 px/);
    expect(site.stored()).toEqual([]);
    expect(await site.rows('SELECT * FROM home')).toEqual([['old', 'o', 'u']]);
  });
});

test('files that are bad in many rows are told together', async () => {
  await using site = await openAssetSite(cloud, 'many', ...SCHEMA);
  put(site, 'empty.png', '');
  const rows = {
    home: Array.from({ length: 200 }, (_, id) => ({
      id: `${id}`,
      photo: id % 2 === 0 ? 'empty.png' : 'none.png',
    })),
  };
  const error = await refusal(site.push(rows, { home: [site.declare({ path: 'photo', url: 'url' })] }));
  expect(error.what).toContain('the test has 200 problems:');
  expect(error.what).toContain('… and 180 more');
});
