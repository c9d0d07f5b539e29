/** The documentation as a site: built as it is published, every link followed, looked at and searched in a real browser. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorCatalogue } from '../../packages/overseed/src/model/error.ts';
import { toPage } from '../../site/src/docs/page.ts';
import { openBrowser } from '../support/browser.ts';
import { runCommand } from '../support/run-command.ts';
import { type StaticServer, serveStatic } from '../support/serve-static.ts';
import { cleanEnvironment } from '../support/site.ts';
import { checkLinks } from './check-links.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DIST = path.join(ROOT, 'site/dist');

let server: StaticServer;
let browser: Browser;
beforeAll(async () => {
  const build = await runCommand('pnpm', ['--dir', 'site', 'build'], {
    cwd: ROOT,
    env: cleanEnvironment(), // What vitest sets would make it a build for development.
    timeoutMs: 120_000,
  });
  if (build.exitCode !== 0) throw new Error(`The site could not be built:\n${build.stdout}\n${build.stderr}`);
  [server, browser] = await Promise.all([serveStatic(DIST), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

test('every document is a page, and every link, anchor and picture leads somewhere', async () => {
  const documents = (await readdir(path.join(ROOT, 'docs'), { recursive: true })).filter((file) =>
    file.endsWith('.md'),
  );
  const { pages, links, broken } = await checkLinks(DIST);
  expect(broken).toEqual([]);
  // One more: the page for what is not found.
  expect(pages).toBe(documents.length + 1);
  expect(links).toBeGreaterThan(1_000);
});

test('every page is reached from the margin', async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/getting-started/`);
  const inMargin = await page.$$eval('nav.sidebar a[href], #starlight__sidebar a[href]', (links) =>
    links.map((link) => new URL((link as HTMLAnchorElement).href).pathname),
  );
  const { pages } = await checkLinks(DIST);
  // Neither the first page nor the one for what is not found is listed there.
  expect(new Set(inMargin).size).toBe(pages - 2);
  await page.close();
});

test('every error has an entry that its code leads to', async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/errors/`);
  const ids = await page.$$eval('h3[id]', (headings) => headings.map(({ id }) => id));
  expect(ids).toEqual(expect.arrayContaining(Object.keys(errorCatalogue).map((code) => code.toLowerCase())));
  await page.close();
});

test('search finds a word of the reference, with nothing from elsewhere', async () => {
  const page = await browser.newPage();
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url()))
      foreign.push(request.url());
  });
  await page.goto(`${server.url}/getting-started/`, { waitUntil: 'networkidle' });
  await page.keyboard.press('Control+k');
  await page.getByRole('searchbox').or(page.locator('dialog input[type=text]')).first().fill('--max-deletes');
  const first = page.locator('dialog a[href*="/"]').filter({ hasText: 'Commands' }).first();
  await first.waitFor({ timeout: 20_000 });
  await first.click();
  await page.waitForURL('**/commands/**');
  expect(foreign).toEqual([]);
  await page.close();
});

test.each([
  ['wide and light', { width: 1280, height: 860 }, 'light'],
  ['wide and dark', { width: 1280, height: 860 }, 'dark'],
  ['narrow and light', { width: 390, height: 844 }, 'light'],
  ['narrow and dark', { width: 390, height: 844 }, 'dark'],
] as const)('%s: nothing is wider than the screen, nothing fails', async (_, viewport, colorScheme) => {
  const page = await browser.newPage({ viewport, colorScheme });
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(error.message));
  page.on('response', (response) => {
    if (!response.ok()) failures.push(`${response.status()} ${response.url()}`);
  });
  for (const url of ['/', '/how-it-works/', '/configuration/', '/errors/', '/recipes/push-on-merge/']) {
    await page.goto(server.url + url, { waitUntil: 'load' });
    const { width, theme } = await page.evaluate(() => ({
      width: document.documentElement.scrollWidth,
      theme: document.documentElement.dataset.theme,
    }));
    expect(width, url).toBeLessThanOrEqual(viewport.width);
    expect(theme, url).toBe(colorScheme);
  }
  // The drawing takes the colours of the theme.
  await page.goto(`${server.url}/how-it-works/`);
  const box = await page.$eval('.drawing .box', (element) => getComputedStyle(element).fill);
  expect(box).toBe(colorScheme === 'dark' ? 'rgb(21, 26, 23)' : 'rgb(255, 255, 255)');
  expect(failures).toEqual([]);
  await page.close();
});

test('the checker finds a dead link, a dead anchor and a dead picture', async () => {
  const folder = path.join(tmpdir(), `links ${process.pid}`);
  await mkdir(path.join(folder, 'a'), { recursive: true });
  await writeFile(
    path.join(folder, 'index.html'),
    '<p id="here"><a href="#here"></a><a href="a/#there"></a><a href="/b/"></a><img src="c.png"><a href="https://example.com/x"></a>',
  );
  await writeFile(path.join(folder, 'a/index.html'), '<a href="../#here"></a><a href="/a"></a>');
  expect((await checkLinks(folder)).broken).toEqual(['/: /b/', '/: a/#there', '/: c.png', '/a/: /a']);
  await rm(folder, { recursive: true });
});

test('a document is a page: its heading the title, its links those of the site', () => {
  expect(() => toPage('x.md', 'no heading', '/')).toThrow('docs/x.md does not begin with a heading');
  const { body } = toPage(
    'recipes/x.md',
    '# X\n\n[a](../a.md#b) [`c`](README.md) [out](../../LICENSE) ![p](../p.png)\n\n```md\n[a](../a.md)\n```\n',
    '/base/',
  );
  expect(body).toBe(
    '\n[a](/base/a/#b) [`c`](/base/recipes/) out ![p](/base/p.png)\n\n```md\n[a](../a.md)\n```\n',
  );
});
