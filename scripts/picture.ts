/**
 * `pnpm picture`: draws the pictures of the README. `docs/pictures/demo.png` shows the main job, the others are pages. Nothing in it is made up: the seed runs
 * against a Turso and a Cloudinary on this machine, its output is drawn as a terminal shows it, and the site beside it
 * is built from the database that it left. Numbers of ports and runs differ from one picture to the next.
 */
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { startLocalCloud } from '../packages/local-cloud/dist/index.js';
import { openBrowser } from '../test/support/browser.ts';
import { runCommand } from '../test/support/run-command.ts';
import { serveStatic } from '../test/support/serve-static.ts';
import { olderData } from './demo/older-data.ts';
import { insertRows } from './demo/remote-database.ts';
import { composePage, LAYOUT } from './picture/compose.ts';
import { drawPages } from './picture/pages.ts';
import { savePicture } from './picture/save.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const SITE = path.join(ROOT, 'examples/real-estate');
const PICTURE = path.join(ROOT, 'docs/pictures/demo.png');
const SEED = ['db', 'execute', 'db/seed.ts', '--remote', '--force'];
const COMMAND_TIMEOUT_MS = 5 * 60_000;
/** Pixels of the picture for one of the page: 1060 become 1590. */
const SCALE = 1.5;
/** The site is shown smaller than it is, so that its desktop layout and some cards fit. */
const SITE_SCALE = 0.4;

await using cloud = await startLocalCloud();

/** @returns what it printed, without the lines that pnpm puts above it and Astro below */
async function astro(args: readonly string[]): Promise<string> {
  const result = await runCommand('pnpm', ['astro', ...args], {
    cwd: SITE,
    env: { ...cloud.env, ASTRO_TELEMETRY_DISABLED: '1', FORCE_COLOR: '1', NO_COLOR: undefined },
    timeoutMs: COMMAND_TIMEOUT_MS,
  });
  if (result.exitCode !== 0)
    throw new Error(`pnpm astro ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`);
  const lines = result.stdout.split('\n').filter((line) => !line.startsWith('> '));
  return lines.join('\n').trim();
}

async function photograph(browser: Browser, siteUrl: string): Promise<Buffer> {
  const page = await browser.newPage({
    viewport: {
      width: LAYOUT.siteWidth / SITE_SCALE,
      height: LAYOUT.siteHeight / SITE_SCALE,
    },
    deviceScaleFactor: SCALE * SITE_SCALE,
  });
  await page.goto(siteUrl, { waitUntil: 'networkidle' });
  return page.screenshot();
}

console.log('The remote gets its schema and older data …');
await astro(['db', 'push', '--remote']);
await insertRows(cloud.database, olderData);
console.log('The seed replaces them …');
const output = await astro(SEED);
console.log('The site is built and photographed …');
await astro(['build', '--remote']);
await using server = await serveStatic(path.join(SITE, 'dist'));
const browser = await openBrowser();
try {
  const site = await photograph(browser, server.url);
  const page = await browser.newPage({
    viewport: { width: LAYOUT.width, height: LAYOUT.height },
    deviceScaleFactor: SCALE,
  });
  await page.setContent(
    composePage({ command: `pnpm astro ${SEED.join(' ')}`, output, siteUrl: server.url, site }),
  );
  await savePicture(PICTURE, await page.screenshot());
  console.log('The pages are photographed …');
  await drawPages(browser);
} finally {
  await browser.close();
}
