/** What a visitor sees of a site that was built against the remote. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type LocalCloud, startLocalCloud } from 'local-cloud';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { dumpFolder } from '../support/dump.ts';
import { type StaticServer, serveStatic } from '../support/serve-static.ts';
import { makeSite, type Site, secretsOf } from '../support/site.ts';
import { overflowOf, scrollThrough, visit } from '../support/visit.ts';

const SCREENSHOTS = path.resolve(import.meta.dirname, '../../.artefacts/screenshots');
const PICTURE_WIDTH = 960;

let cloud: LocalCloud;
let site: Site;
let server: StaticServer;
let browser: Browser;

beforeAll(async () => {
  cloud = await startLocalCloud();
  site = await makeSite({ env: cloud.env });
  for (const command of ['db push --remote', 'db execute db/seed.ts --remote --force', 'build --remote']) {
    expect(await site.astro(command)).toMatchObject({ exitCode: 0, stderr: '' });
  }
  server = await serveStatic(path.join(site.folder, 'dist'));
  browser = await openBrowser();
  await mkdir(SCREENSHOTS, { recursive: true });
});

afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
  await cloud.stop();
});

const open = (address: string, width = 1280) => visit(browser, server.url + address, { width });

test.each([1280, 390])(
  'at %d px the home page shows 60 cards, and every image loads from the store',
  async (width) => {
    await using home = await open('/', width);
    expect(await home.page.getByTestId('property-card').count()).toBe(60);
    const pictures = await scrollThrough(home.page);
    expect(pictures.length).toBeGreaterThanOrEqual(60);
    expect(pictures.filter((picture) => picture.width !== PICTURE_WIDTH)).toEqual([]);
    expect(
      pictures.filter(({ src }) => !src.startsWith(`${cloud.cloudinary.url}/demo/image/upload/`)),
    ).toEqual([]);
    expect(await overflowOf(home.page)).toBe(0);
    await home.page.evaluate(() => window.scrollTo(0, 0));
    await home.page.screenshot({ path: path.join(SCREENSHOTS, `home-${width}.png`) });
    expect(home.troubles).toEqual([]);
  },
);

test.each([1280, 390])('at %d px the page of a property shows its three images', async (width) => {
  await using home = await open('/', width);
  const address = await home.page
    .getByTestId('property-card')
    .nth(6)
    .locator('a')
    .first()
    .getAttribute('href');
  await using property = await open(address ?? expect.unreachable(), width);
  const slug = (address ?? '').split('/').filter(Boolean).at(-1) ?? '';
  const own = (await scrollThrough(property.page)).filter(({ src }) => src.includes(`/${slug}-`));
  expect(new Set(own.map(({ src }) => src)).size).toBe(3);
  expect(new Set(own.map((picture) => picture.width))).toEqual(new Set([PICTURE_WIDTH]));
  await property.page.evaluate(() => window.scrollTo(0, 0));
  await property.page.screenshot({ path: path.join(SCREENSHOTS, `property-${width}.png`) });
  expect(property.troubles).toEqual([]);
});

test('the category filter leaves exactly the cards of that category', async () => {
  await using home = await open('/?categoria=fincas#propiedades');
  const shown = home.page.getByTestId('property-card').filter({ visible: true });
  const slugs = await shown
    .locator('a')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(slugs.length).toBeGreaterThan(0);
  expect(slugs.length).toBeLessThan(60);
  expect(slugs.filter((slug) => !/finca|cortijo/.test(slug ?? ''))).toEqual([]);
});

test('P9: the built site carries no token and no secret', async () => {
  const files = (await dumpFolder(path.join(site.folder, 'dist'))).map((line) =>
    line.slice(0, line.lastIndexOf(' ')),
  );
  expect(files.length).toBeGreaterThan(60);
  const bytes = await Promise.all(files.map((file) => site.read(path.join('dist', file))));
  for (const secret of secretsOf(cloud.env))
    expect(bytes.some((content) => content.includes(secret))).toBe(false);
});
