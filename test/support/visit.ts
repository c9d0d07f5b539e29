/** A page of a site, as a reader's browser shows it. */
import type { Browser, Page } from 'playwright-core';

export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** What went wrong so far: requests without a good answer, errors of scripts. */
  readonly troubles: readonly string[];
}

interface Look {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** Opens a page and waits until it has loaded. Dispose of the visit. */
export async function visit(
  browser: Browser,
  url: string,
  { width = 1280, colorScheme = 'light' }: Look = {},
): Promise<Visit> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const troubles: string[] = [];
  page.on('requestfailed', (request) => troubles.push(`${request.url()} ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.url()} ${response.status()}`);
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await page.goto(url, { waitUntil: 'load' });
  return { page, troubles, [Symbol.asyncDispose]: () => page.close() };
}

/** Scrolls to each picture in turn, as a reader does, and waits until it is there or has failed. */
export function scrollThrough(page: Page): Promise<{ src: string; width: number }[]> {
  return page.evaluate(async () => {
    for (const image of document.images) {
      image.scrollIntoView();
      if (image.complete) continue;
      await new Promise((resolve) => {
        image.addEventListener('load', resolve, { once: true });
        image.addEventListener('error', resolve, { once: true });
      });
    }
    return [...document.images].map(({ currentSrc, naturalWidth }) => ({
      src: currentSrc,
      width: naturalWidth,
    }));
  });
}

/** By how many pixels a page is wider than the window: a reader would have to scroll sideways. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
