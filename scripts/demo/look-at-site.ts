import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../test/support/browser.ts';

const WIDTHS = [1280, 390];
const CARD = '[data-testid="property-card"]';

export interface SiteReport {
  readonly cards: number;
  readonly images: number;
  /** Addresses of the images that did not arrive, or arrived empty. */
  readonly brokenImages: readonly string[];
  readonly screenshots: readonly string[];
}

/** Opens the home page in a real browser, counts what it shows, and takes a picture at each width. */
export async function lookAtSite(url: string, pictureFolder: string): Promise<SiteReport> {
  await mkdir(pictureFolder, { recursive: true });
  const browser = await openBrowser();
  try {
    const screenshots: string[] = [];
    for (const width of WIDTHS) screenshots.push(await takePicture(browser, url, width, pictureFolder));
    return { ...(await countWhatIsThere(browser, url)), screenshots };
  } finally {
    await browser.close();
  }
}

async function countWhatIsThere(browser: Browser, url: string): Promise<Omit<SiteReport, 'screenshots'>> {
  const page = await browser.newPage();
  await page.goto(url);
  await loadEveryImage(page);
  const images = await page
    .locator('img')
    .evaluateAll((elements) =>
      (elements as HTMLImageElement[]).map(({ currentSrc, naturalWidth }) => ({ currentSrc, naturalWidth })),
    );
  return {
    cards: await page.locator(CARD).count(),
    images: images.length,
    brokenImages: images.filter(({ naturalWidth }) => naturalWidth === 0).map(({ currentSrc }) => currentSrc),
  };
}

async function takePicture(browser: Browser, url: string, width: number, folder: string): Promise<string> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  await page.goto(url);
  await loadEveryImage(page);
  const file = path.join(folder, `home-${width}.png`);
  await page.screenshot({ path: file });
  await page.close();
  return file;
}

/** Lazy images load only when they come near the window; an image that fails counts as done, and is found out later. */
async function loadEveryImage(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const images = [...document.querySelectorAll('img')];
    for (const image of images) image.loading = 'eager';
    await Promise.all(
      images.map((image) =>
        image.complete
          ? undefined
          : new Promise((resolve) => {
              image.addEventListener('load', resolve, { once: true });
              image.addEventListener('error', resolve, { once: true });
            }),
      ),
    );
  });
}
