/**
 * Pictures of pages, as a browser shows them. Run by itself (`node scripts/picture/pages.ts`), it draws only these, which
 * takes seconds. A page more is an entry more in `PAGES`.
 */
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { startLocalCloud } from '../../packages/local-cloud/dist/index.js';
import { openBrowser } from '../../test/support/browser.ts';
import { runCommand } from '../../test/support/run-command.ts';
import { serveStatic } from '../../test/support/serve-static.ts';
import { olderData } from '../demo/older-data.ts';
import { insertRows } from '../demo/remote-database.ts';
import { savePicture } from './save.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const EXAMPLE = path.join(ROOT, 'examples/real-estate-drizzle');

interface PictureOfPage {
  /** In `docs/pictures`. */
  readonly picture: string;
  /** Makes what is photographed. @returns the folder to serve, and the page in it */
  prepare(): Promise<{ folder: string; page: string }>;
}

const PAGES: readonly PictureOfPage[] = [
  { picture: 'site.png', prepare: buildDocumentation },
  { picture: 'report.png', prepare: reportPush },
];

export async function drawPages(browser: Browser): Promise<void> {
  for (const { picture, prepare } of PAGES) {
    const { folder, page: url } = await prepare();
    await using server = await serveStatic(folder);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.25 });
    await page.goto(server.url + url, { waitUntil: 'networkidle' });
    await savePicture(path.join(ROOT, 'docs/pictures', picture), await page.screenshot());
    await page.close();
  }
}

async function buildDocumentation() {
  const built = await runCommand('pnpm', ['--dir', 'site', 'build'], { cwd: ROOT, timeoutMs: 120_000 });
  if (built.exitCode !== 0) throw new Error(`The site could not be built:\n${built.stdout}${built.stderr}`);
  return { folder: path.join(ROOT, 'site/dist'), page: '/how-it-works/' };
}

/** The second example on a database that holds older, other rows: some come, some change, some go. */
async function reportPush() {
  await using cloud = await startLocalCloud();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-picture-'));
  const pnpm = async (...args: string[]) => {
    const options = { cwd: EXAMPLE, env: cloud.env, timeoutMs: 120_000 };
    const { exitCode, stdout, stderr } = await runCommand('pnpm', args, options);
    if (exitCode !== 0) throw new Error(`pnpm ${args.join(' ')} failed:\n${stdout}${stderr}`);
  };
  await pnpm('migrate:production');
  await insertRows(cloud.database, olderData);
  await pnpm('overseed', 'push', 'production', '--force', '--report', path.join(folder, 'index.html'));
  return { folder, page: '/' };
}

if (process.argv[1] === import.meta.filename) {
  await using browser = await openBrowser();
  await drawPages(browser);
}
