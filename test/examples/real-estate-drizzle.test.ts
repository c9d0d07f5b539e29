/** The second example, from an empty database to pages in a browser, by the commands of its README. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type LocalCloud, startLocalCloud } from 'local-cloud';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { closingQuery, FINAL_STATE } from '../support/closing-query.ts';
import { dumpDatabase, dumpFolder } from '../support/dump.ts';
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
  // Without what Astro DB would read: this site has none.
  const { ASTRO_DB_REMOTE_URL: _url, ASTRO_DB_APP_TOKEN: _token, ...env } = cloud.env;
  site = await makeSite({ example: 'real-estate-drizzle', env });
  browser = await openBrowser();
  await mkdir(SCREENSHOTS, { recursive: true });
});

afterAll(async () => {
  await browser.close();
  await server?.[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
  await cloud.stop();
});

test('`overseed push production --force` does it all: rows and images, proved; the second time nothing', async () => {
  expect(await site.pnpm('migrate:production')).toMatchObject({ exitCode: 0 });
  const first = await site.pnpm('overseed push production --force');
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  expect(first.stdout).toMatch(/343 rows compared cell by cell, 180 URLs answered/);
  expect(await closingQuery(cloud.database)).toEqual(FINAL_STATE);
  expect(cloud.cloudinary.counters().uploads).toBe(180);

  const before = [await dumpDatabase(cloud.database), cloud.cloudinary.counters().uploadRequests];
  const second = await site.pnpm('overseed push production --force');
  expect(second).toMatchObject({ exitCode: 0, stderr: '' });
  expect(second.stdout).toContain('Nothing to do');
  expect([await dumpDatabase(cloud.database), cloud.cloudinary.counters().uploadRequests]).toEqual(before);
});

test('Astro 7 builds every page from it, and no secret is in them', async () => {
  const build = await site.pnpm('build');
  expect(build).toMatchObject({ exitCode: 0, stderr: '' });
  expect(build.stdout).toContain('62 page(s) built');
  const files = (await dumpFolder(path.join(site.folder, 'dist'), ['media/'])).map(
    (line) => line.split(' ')[0] ?? '',
  );
  const contents = await Promise.all(files.map((file) => site.read(path.join('dist', file))));
  for (const secret of secretsOf(cloud.env))
    expect(contents.some((content) => content.includes(secret))).toBe(false);
  server = await serveStatic(path.join(site.folder, 'dist'));
});

test('the home page shows 60 cards with their images, and its filter works', async () => {
  await using home = await visit(browser, `${server.url}/?categoria=fincas`);
  const cards = home.page.getByTestId('property-card');
  await expect.poll(() => cards.filter({ visible: true }).count()).toBe(7);
  await home.page.getByRole('radio', { name: /^Todas/ }).check();
  await expect.poll(() => cards.filter({ visible: true }).count()).toBe(60);
  const pictures = await scrollThrough(home.page);
  expect(pictures.length).toBeGreaterThanOrEqual(60);
  expect(pictures.filter(({ width }) => width !== PICTURE_WIDTH)).toEqual([]);
  const store = `${cloud.cloudinary.url}/demo/image/upload/`;
  expect(pictures.filter(({ src }) => !src.startsWith(store))).toEqual([]);
  expect(home.troubles).toEqual([]);
});

test.each([
  { width: 1280, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
] as const)('a property is whole at $width px, $colorScheme', async ({ width, colorScheme }) => {
  const address = `${server.url}/propiedades/villa-autor-abierta-sur-calahonda`;
  await using property = await visit(browser, address, { width, colorScheme });
  expect((await scrollThrough(property.page)).filter((picture) => picture.width !== PICTURE_WIDTH)).toEqual(
    [],
  );
  expect(await overflowOf(property.page)).toBe(0);
  await property.page.evaluate(() => window.scrollTo(0, 0));
  await property.page.screenshot({ path: path.join(SCREENSHOTS, `drizzle-${width}-${colorScheme}.png`) });
  expect(property.troubles).toEqual([]);
});
