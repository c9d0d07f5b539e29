import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { serveStatic } from './serve-static.ts';

const PAGE = `<!doctype html><meta charset="utf-8"><title>Ático en Marbella</title>
<p data-testid="price">1.250.000 €</p>
<img src="/picture.svg"><script>document.title += ' · ' + 21 * 2</script>`;

// The package has a Chromium for one platform; elsewhere the machine's own is the only one.
const isPackaged = process.platform === 'linux' && process.arch === 'x64';
const preferences = isPackaged ? (['system', 'packaged'] as const) : (['system'] as const);

test.each(preferences)('a real browser shows a page that a real server serves: %s', async (preference) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'browser-'));
  try {
    await writeFile(path.join(folder, 'index.html'), PAGE);
    const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"></svg>';
    await writeFile(path.join(folder, 'picture.svg'), picture);
    await using server = await serveStatic(folder);
    await using browser = await openBrowser(preference);
    const page = await browser.newPage();
    await page.goto(server.url);
    expect(await page.title()).toBe('Ático en Marbella · 42');
    expect(await page.getByTestId('price').textContent()).toBe('1.250.000 €');
    expect(await page.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(30);
    // A page without any font would have no width here.
    expect(await page.locator('p').evaluate((element) => element.scrollHeight)).toBeGreaterThan(10);
    expect((await page.screenshot()).byteLength).toBeGreaterThan(1_000);
  } finally {
    await rm(folder, { recursive: true });
  }
});
