/**
 * The report of a real push, in a real browser: found by keyboard, searched, readable without scripts and without a network,
 * in both schemes and on a small screen. One shop, one journey.
 */
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { query } from '../support/dump.ts';
import { secretsOf } from '../support/site.ts';
import { HOMES, openShop, ROW_SECRETS, type Shop } from './shop.ts';

const SCREENSHOTS = path.resolve(import.meta.dirname, '../../.artefacts/screenshots');
const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = [1280, 390] as const;

let shop: Shop;
let browser: Browser;

beforeAll(async () => {
  shop = await openShop();
  await shop.use(1);
  expect(await shop.project.run('push staging --report first.html')).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
  await shop.use(2);
  expect(await shop.project.run('plan staging --report plan.html')).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
  const pushed = await shop.project.run('push staging --force --report push.html');
  expect(pushed).toMatchObject({ exitCode: 0, stderr: '' });
  expect(pushed.stdout).toMatch(/^ {2}report +push\.html$/m);
  await query(shop.cloud.database, "UPDATE cities SET zone=7 WHERE name='Ronda'");
  expect(await shop.project.run('verify staging --report verify.html')).toMatchObject({ exitCode: 1 });
  browser = await openBrowser();
  await mkdir(SCREENSHOTS, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await shop[Symbol.asyncDispose]();
});

interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts and of the policy, and everything that was asked of a network. */
  readonly troubles: readonly string[];
}

async function visit(file: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  const address = pathToFileURL(path.join(shop.project.folder, file)).href;
  page.on('request', (request) => {
    const url = request.url();
    if (url !== address && !url.startsWith('data:')) troubles.push(url);
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => troubles.push(message.text()));
  page.on('dialog', (dialog) => {
    troubles.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(address, { waitUntil: 'load' });
  return { page, troubles, [Symbol.asyncDispose]: () => context.close() };
}

/** Of the rows that are listed: how many are to be seen. */
const seenRows = (page: Page) => page.locator('#changes tbody tr').filter({ visible: true }).count();

test('it tells what came, changed and went, by cell, with pictures before and after, and the proof', async () => {
  await using report = await visit('push.html');
  const { page } = report;
  expect(await page.title()).toBe('Done: staging is exactly what the source says · Overseed');
  const figures = await page.locator('.figures li').allTextContents();
  expect(figures.map((text) => text.replace(/\s+/g, ' ').trim())).toEqual([
    '+ 3 rows added',
    '~ 17 rows changed',
    '− 2 rows removed',
    '= 51 rows unchanged',
    expect.stringMatching(/^↑ 7 files uploaded, [\d.]+ kB$/),
  ]);
  const row = page.locator('#changes tr', { hasText: 'id=home-021' });
  expect(await row.locator('li', { hasText: 'price' }).textContent()).toMatch(/502500\.0\s+487500\.0/);
  // Of a long text, the piece that is new.
  expect(await row.locator('li', { hasText: 'about' }).locator('ins mark').textContent()).toBe('large ');
  expect(await page.locator('#changes tr.delete', { hasText: 'id=home-005' }).count()).toBe(1);
  expect(await page.locator('#changes tr', { hasText: '2 times' }).count()).toBe(1);

  const pictures = page.locator('#pictures figure');
  expect(await pictures.count()).toBe(9);
  const sizes = await page
    .locator('#pictures img')
    .evaluateAll((images) =>
      images.map(
        (image) => [(image as HTMLImageElement).naturalWidth, (image as HTMLImageElement).alt] as const,
      ),
    );
  expect(sizes).toHaveLength(6 * 2 + 1 + 2);
  expect(sizes.every(([width, alt]) => width === 280 && alt.startsWith('photoUrl of homes'))).toBe(true);

  const stages = await page.locator('.timeline tbody th').allTextContents();
  expect(stages.map((text) => /^[a-z]+?(?=the |what |one |files |both )/.exec(text)?.[0])).toEqual(
    expect.arrayContaining(['build', 'pull', 'plan', 'backup', 'upload', 'apply', 'verify']),
  );
  expect(await page.getByRole('img', { name: 'Time of each upload' }).locator('circle').count()).toBe(7);
  expect(await page.getByRole('img', { name: 'Uploads at once' }).count()).toBe(1);
  expect(await page.locator('#proof').textContent()).toContain('71 rows of 4 tables are equal, cell by cell');
  expect(await page.locator('header').textContent()).toContain('npx overseed undo staging --force');
  expect(report.troubles).toEqual([]);
});

test('rows are found by typing, and all of it by keyboard alone', async () => {
  await using report = await visit('push.html');
  const { page } = report;
  const all = await seenRows(page);
  expect(all).toBe(21);
  await page.keyboard.press('Tab');
  const focused = () =>
    page.evaluate(() => document.activeElement?.textContent || document.activeElement?.id);
  expect(await focused()).toBe('To the report');
  // Past the parts of the report and its table to the field.
  for (let presses = 0; presses < 20 && (await focused()) !== 'query'; presses++)
    await page.keyboard.press('Tab');
  expect(await focused()).toBe('query');
  await page.keyboard.type('HOME-021 large');
  expect(await seenRows(page)).toBe(1);
  expect(await page.getByRole('status').textContent()).toBe('1 of 21 listed rows match');
  await page.keyboard.press('Escape');
  expect(await seenRows(page)).toBe(all);
  // The first box is for new rows.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  expect(await seenRows(page)).toBe(all - 2);
  await page.keyboard.press('Space');
  // A table folds and unfolds.
  const table = page.locator('#changes details').first();
  await table.locator('summary').focus();
  await page.keyboard.press('Enter');
  expect(await table.getAttribute('open')).toBeNull();
  expect(await seenRows(page)).toBeLessThan(all);
  // Searching opens what holds a match, and folds it again.
  await page.locator('#query').fill('home-021');
  expect(await seenRows(page)).toBe(1);
  await page.locator('#query').fill('');
  expect(await table.getAttribute('open')).toBeNull();
  expect(report.troubles).toEqual([]);
});

test('P9: rows cannot run scripts in it, and it holds no secret of the environment or of the rows', async () => {
  await using report = await visit('push.html');
  const title = await report.page.locator('#changes tr', { hasText: 'id=home-900' }).textContent();
  expect(title).toContain('</script><script>document.title=');
  expect(title).toContain('⟨U+202E⟩gnp.exe␀');
  expect(await report.page.locator('script').count()).toBe(1);
  expect(await report.page.locator('#changes img').count()).toBe(0);
  // What a careless page would let in, the policy would keep out.
  const refused = await report.page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "owned"';
    document.body.append(script);
    return document.title;
  });
  expect(refused).toMatch(/^Done/);
  for (const name of ['first.html', 'plan.html', 'verify.html', 'push.html']) {
    const text = await shop.project.read(name);
    for (const secret of [...secretsOf(shop.cloud.env), ...ROW_SECRETS, 'hunter2pass'])
      expect(text.includes(secret)).toBe(false);
    expect((await stat(path.join(shop.project.folder, name))).mode & 0o777).toBe(0o600);
  }
});

test('without scripts everything is there to be read', async () => {
  await using report = await visit('push.html', { javaScriptEnabled: false });
  expect(await seenRows(report.page)).toBe(21);
  expect(await report.page.locator('#controls').isVisible()).toBe(false);
  expect(report.troubles).toEqual([]);
});

test('plan and verify say what would change, and what differs', async () => {
  await using plan = await visit('plan.html');
  expect(await plan.page.locator('h1').textContent()).toContain('this is what would happen to staging');
  expect(await plan.page.locator('.figures').textContent()).toMatch(/17\s+rows to change/);
  expect(await seenRows(plan.page)).toBe(21);
  expect(await plan.page.locator('#pictures img').count()).toBe(15);
  expect(await plan.page.locator('#proof').count()).toBe(0);
  await using verify = await visit('verify.html');
  expect(await verify.page.locator('h1').textContent()).toContain('staging is not what the source says');
  expect(await verify.page.locator('.findings').textContent()).toMatch(/problem: \s*equality/);
  expect(await verify.page.locator('header').textContent()).toContain('seed.ts');
  expect(await verify.page.locator('.figures').textContent()).toMatch(/1\s+row different/);
  expect(await seenRows(verify.page)).toBe(1);
  await using first = await visit('first.html');
  expect(await first.page.locator('.figures').textContent()).toMatch(
    new RegExp(`${HOMES + 10}\\s+rows added`),
  );
  expect(await first.page.getByRole('img', { name: 'Time of each upload' }).locator('circle').count()).toBe(
    HOMES,
  );
  expect([...plan.troubles, ...verify.troubles, ...first.troubles]).toEqual([]);
});

test.each(WIDTHS)('at %d px nothing is wider than the screen, light and dark', async (width) => {
  for (const colorScheme of SCHEMES) {
    await using report = await visit('push.html', { viewport: { width, height: 900 }, colorScheme });
    const { page } = report;
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await page.screenshot({
      path: path.join(SCREENSHOTS, `report-${width}-${colorScheme}.png`),
      fullPage: true,
    });
  }
});
