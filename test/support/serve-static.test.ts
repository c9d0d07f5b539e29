import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StaticServer, serveStatic } from './serve-static.ts';

let folder: string;
let server: StaticServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'serve ñ '));
  await mkdir(path.join(folder, 'site', 'casa ñ'), { recursive: true });
  await writeFile(path.join(folder, 'secret.txt'), 'secret');
  await writeFile(path.join(folder, 'site', 'index.html'), '<h1>Home</h1>');
  await writeFile(path.join(folder, 'site', 'casa ñ', 'index.html'), '<h1>Casa</h1>');
  server = await serveStatic(path.join(folder, 'site'));
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test('serves the index of a folder as HTML', async () => {
  const response = await fetch(`${server.url}/`);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await response.text()).toBe('<h1>Home</h1>');
});

test('finds a name with a space and an ñ', async () => {
  expect(await (await fetch(`${server.url}/casa ñ/`)).text()).toBe('<h1>Casa</h1>');
});

test.each(['/absent', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%ff'])('answers 404 to %s', async (url) => {
  expect((await fetch(server.url + url)).status).toBe(404);
});
