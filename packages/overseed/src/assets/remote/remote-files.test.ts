import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RemoteFiles } from '../../model/asset-columns.ts';
import { type ScratchFolder, scratchFolder } from '../../util/scratch-folder.ts';
import type { MeasuredFile } from '../measure-file.ts';
import { Measurer } from '../measurer.ts';
import { UnusableFile } from '../unusable-file.ts';
import { download, type ResolveName } from './download.ts';
import { RemoteFileCache } from './remote-files.ts';

let scratch: ScratchFolder;
let server: http.Server;
let origin: string;
const never = new AbortController().signal;
/** What was asked for, in order. */
let requests: http.IncomingMessage[];
let answer: (request: http.IncomingMessage, response: http.ServerResponse) => void;
const png = await sharp({ create: { width: 6, height: 4, channels: 3, background: 'red' } })
  .png()
  .toBuffer();

beforeEach(async () => {
  scratch = await scratchFolder();
  requests = [];
  answer = (_, response) => response.end(png);
  server = http.createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await scratch[Symbol.asyncDispose]();
});

const port = () => (server.address() as AddressInfo).port;
/** A policy that lets the test reach its own server. */
const allowing = (also: Partial<RemoteFiles> = {}): RemoteFiles => ({
  hosts: [`127.0.0.1:${port()}`],
  privateAddresses: 'allow',
  ...also,
});

/** Fetches as a fresh run would; what is kept stays between calls. */
async function fetchOnce(address: string, remote: RemoteFiles): Promise<MeasuredFile> {
  using measurer = new Measurer();
  return await new RemoteFileCache(path.join(scratch.path, 'remote'), measurer, never).fetch(address, remote);
}

/** Downloads with a name service of the test's own. */
function downloadVia(
  addresses: readonly string[],
  address: string,
  remote: RemoteFiles,
  asked: string[] = [],
) {
  const resolve: ResolveName = (name, _, callback) => {
    asked.push(name);
    callback(
      null,
      addresses.map((one) => ({ address: one, family: one.includes(':') ? 6 : 4 })),
    );
  };
  return download(address, remote, {}, path.join(scratch.path, 'file'), never, resolve);
}

describe('a file from an allowed host', () => {
  test('is fetched and measured', async () => {
    const measured = await fetchOnce(`${origin}/a.png`, allowing());
    expect(measured).toMatchObject({ format: 'png', width: 6, height: 4, sizeBytes: png.byteLength });
    expect(measured.hash).toBe(createHash('sha256').update(png).digest('hex'));
    expect(requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('is asked for again each time, and fetched again only when it changed', async () => {
    let etag = '"one"';
    let body = png;
    answer = (request, response) => {
      response.setHeader('etag', etag);
      if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
      else response.end(body);
    };
    const first = await fetchOnce(`${origin}/a.png`, allowing());
    expect(await fetchOnce(`${origin}/a.png`, allowing())).toEqual(first);
    expect(requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"one"']);
    etag = '"two"';
    body = await sharp(png).negate().png().toBuffer();
    expect((await fetchOnce(`${origin}/a.png`, allowing())).hash).not.toBe(first.hash);
    expect((await fetchOnce(`${origin}/a.png`, allowing())).hash).not.toBe(first.hash);
    expect(requests.map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      '"one"',
      '"one"',
      '"two"',
    ]);
  });

  test('that was damaged in the cache is fetched again', async () => {
    answer = (request, response) => {
      if (request.headers['if-none-match']) response.writeHead(304).end();
      else response.setHeader('etag', '"one"').end(png);
    };
    const first = await fetchOnce(`${origin}/a.png`, allowing());
    writeFileSync(first.file, await sharp(png).negate().png().toBuffer());
    expect(await fetchOnce(`${origin}/a.png`, allowing())).toEqual(first);
    expect(readFileSync(first.file)).toEqual(png);
  });

  test('two addresses that differ only in what follows the question mark are two files', async () => {
    answer = async (request, response) =>
      response.end(request.url?.endsWith('2') ? await sharp(png).negate().png().toBuffer() : png);
    const one = await fetchOnce(`${origin}/a.png?v=1`, allowing());
    expect((await fetchOnce(`${origin}/a.png?v=2`, allowing())).hash).not.toBe(one.hash);
  });

  test('is fetched in spite of a server that fails now and then', async () => {
    answer = (_, response) => {
      if (requests.length < 3) response.writeHead(503).end();
      else response.end(png);
    };
    expect(await fetchOnce(`${origin}/a.png`, allowing())).toMatchObject({ format: 'png' });
  });

  test('may redirect to another allowed host, which is asked under its own name', async () => {
    answer = (request, response) => {
      if (request.headers.host === `images.example.test:${port()}`) response.end(png);
      else response.writeHead(302, { location: `http://images.example.test:${port()}/b.png` }).end();
    };
    const asked: string[] = [];
    const remote = allowing({ hosts: [`127.0.0.1:${port()}`, `*.example.test:${port()}`] });
    expect(await downloadVia(['127.0.0.1'], `${origin}/a.png`, remote, asked)).toMatchObject({
      status: 'fetched',
    });
    expect(asked).toEqual(['images.example.test']);
    expect(requests.map(({ url }) => url)).toEqual(['/a.png', '/b.png']);
  });
});

describe('nothing is sent to', () => {
  afterEach(() => expect(requests).toEqual([]));

  test.each([
    ['http://evil.example/a.png', 'is on evil.example, which is not among the allowed hosts'],
    ['http://example.test.evil.example/a.png', 'is not among the allowed hosts'],
    ['http://notexample.test/a.png', 'is not among the allowed hosts'],
    ['http://.example.test/a.png', 'is not among the allowed hosts'],
    ['http://images.example.test:81/a.png', 'is on images.example.test:81, which is not'],
    ['http://me:secret@images.example.test/a.png', 'holds a user name or a password'],
    ['http://', 'is not a valid address'],
  ])('%s', async (address, message) => {
    const remote = { hosts: ['*.example.test'] };
    await expect(downloadVia(['93.184.216.34'], address, remote)).rejects.toThrow(UnusableFile);
    await expect(downloadVia(['93.184.216.34'], address, remote)).rejects.toThrow(message);
  });

  test('any host when none is allowed', async () => {
    await expect(fetchOnce(`${origin}/a.png`, { hosts: [] })).rejects.toThrow(
      'is not among the allowed hosts (none)',
    );
  });

  test.each([
    () => `http://127.0.0.1:${port()}/a.png`,
    () => `http://0x7f000001:${port()}/a.png`,
    () => `http://2130706433:${port()}/a.png`,
    () => `http://127.1:${port()}/a.png`,
    () => `http://[::ffff:127.0.0.1]:${port()}/a.png`,
  ])('an address inside this machine, however it is written (%#)', async (address) => {
    const remote = { hosts: [`127.0.0.1:${port()}`, `[::ffff:7f00:1]:${port()}`] };
    await expect(fetchOnce(address(), remote)).rejects.toThrow(
      /^leads to (?:127\.0\.0\.1|::ffff:7f00:1), an address inside this machine or its network$/,
    );
  });

  test.each([
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['169.254.169.254'],
    ['::1'],
    ['fd00::1'],
    ['93.184.216.34', '127.0.0.1'],
  ])('a name that leads to %s %s', async (...addresses) => {
    const remote = { hosts: [`images.example.test:${port()}`] };
    const attempt = downloadVia(
      addresses.filter(Boolean),
      `http://images.example.test:${port()}/a.png`,
      remote,
    );
    await expect(attempt).rejects.toThrow('an address inside this machine or its network');
  });
});

describe('a redirect is followed only where a row may lead', () => {
  test.each([
    ['http://evil.example/a.png', 'redirects to an address that is on evil.example, which is not among'],
    ['ftp://127.0.0.1/a.png', 'redirects to an address that leads to a ftp: address'],
    ['file:///etc/passwd', 'redirects to an address that leads to a file: address'],
    ['http://me:secret@127.0.0.1/a.png', 'redirects to an address that holds a user name'],
    ['http://[', 'redirects to something that is not an address'],
  ])('%s', async (location, message) => {
    answer = (_, response) => response.writeHead(302, { location }).end();
    await expect(fetchOnce(`${origin}/a.png`, allowing())).rejects.toThrow(message);
  });

  test('to a private address', async () => {
    const inside = http.createServer((_, response) => response.end(png));
    await new Promise<void>((listening) => inside.listen(0, '127.0.0.1', listening));
    let asked = 0;
    inside.on('connection', () => asked++);
    const insidePort = (inside.address() as AddressInfo).port;
    answer = (_, response) =>
      response.writeHead(302, { location: `http://127.0.0.2:${insidePort}/a.png` }).end();
    const remote = {
      hosts: [`127.0.0.1:${port()}`, `127.0.0.2:${insidePort}`],
      privateAddresses: 'allow' as const,
    };
    // `allow` holds for the test's own server only as long as the getter says so.
    const onlyFirst = {
      hosts: remote.hosts,
      get privateAddresses(): 'allow' | 'refuse' {
        return requests.length === 0 ? 'allow' : 'refuse';
      },
    };
    await expect(fetchOnce(`${origin}/a.png`, onlyFirst)).rejects.toThrow(
      'redirects to an address that leads to 127.0.0.2, an address inside this machine or its network',
    );
    expect(asked).toBe(0);
    await new Promise((closed) => inside.close(closed));
  });

  test('and not for ever', async () => {
    answer = (_, response) => response.writeHead(302, { location: '/again.png' }).end();
    await expect(fetchOnce(`${origin}/a.png`, allowing())).rejects.toThrow('redirects more than 5 times');
    expect(requests).toHaveLength(6);
  });
});

describe('a file is refused, and nothing of it is kept, when', () => {
  afterEach(() => {
    const folder = path.join(scratch.path, 'remote');
    const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
    expect(files.filter((file) => file.isFile() && file.name !== 'swept').map(({ name }) => name)).toEqual(
      [],
    );
  });

  test('it says that it is too large', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-length': 1_001 }).write(Buffer.alloc(10));
    await expect(fetchOnce(`${origin}/a.png`, allowing({ maxBytes: 1_000 }))).rejects.toThrow(
      'is larger than 1000 bytes',
    );
  });

  test('it is too large without saying so', async () => {
    answer = (_, response) => {
      const more = () => response.write(Buffer.alloc(400)) && setTimeout(more, 1);
      more();
      response.on('close', () => response.destroy());
    };
    await expect(fetchOnce(`${origin}/a.png`, allowing({ maxBytes: 1_000 }))).rejects.toThrow(
      'is larger than 1000 bytes',
    );
  });

  test('it is exactly as large as allowed it is taken, one byte more and it is not', async () => {
    const exact = await downloadVia([], `${origin}/a.png`, allowing({ maxBytes: png.byteLength }));
    expect(exact).toMatchObject({ status: 'fetched' });
    const above = downloadVia([], `${origin}/a.png`, allowing({ maxBytes: png.byteLength - 1 }));
    await expect(above).rejects.toThrow('is larger than');
  });

  test('it comes too slowly, however steadily', async () => {
    answer = (_, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    };
    await expect(fetchOnce(`${origin}/a.png`, allowing({ timeoutMs: 300 }))).rejects.toThrow(
      'took longer than 300 ms',
    );
  });

  test('the server says nothing at all', async () => {
    answer = () => undefined;
    await expect(fetchOnce(`${origin}/a.png`, allowing({ timeoutMs: 300 }))).rejects.toThrow(
      'took longer than 300 ms',
    );
  });

  test('it breaks off', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': png.byteLength }).write(png.subarray(0, 20));
      setTimeout(() => response.destroy(), 10);
    };
    await expect(fetchOnce(`${origin}/a.png`, allowing())).rejects.toThrow('cannot be fetched');
    expect(requests).toHaveLength(3);
  });

  test('it comes packed', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(png));
    await expect(fetchOnce(`${origin}/a.png`, allowing())).rejects.toThrow('comes packed (gzip)');
  });

  test.each([400, 401, 403, 404, 410, 206, 204])('the server answers with %i', async (status) => {
    answer = (_, response) => response.writeHead(status).end();
    await expect(fetchOnce(`${origin}/a.png`, allowing())).rejects.toThrow(`answers with HTTP ${status}`);
    expect(requests).toHaveLength(1);
  });

  test('the server claims that it did not change, without having been asked', async () => {
    answer = (_, response) => response.writeHead(304).end();
    await expect(fetchOnce(`${origin}/a.png`, allowing())).rejects.toThrow('answers that it did not change');
  });
});

test('an interruption ends a download at once', async () => {
  const stop = new AbortController();
  answer = () => stop.abort(new Error('stopped by the user'));
  using measurer = new Measurer();
  const cache = new RemoteFileCache(path.join(scratch.path, 'remote'), measurer, stop.signal);
  const start = performance.now();
  await expect(cache.fetch(`${origin}/a.png`, allowing())).rejects.toThrow('stopped by the user');
  expect(performance.now() - start).toBeLessThan(15_000);
});

test('what is fetched is judged like any other file', async () => {
  answer = (_, response) => response.end('<!doctype html>not found');
  await expect(fetchOnce(`${origin}/a.png`, allowing())).rejects.toThrow('is not an image');
});
