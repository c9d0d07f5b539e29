/** Finds what leads nowhere in a built site: links, anchors, pictures and scripts. Addresses elsewhere are not asked for. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface LinkCheck {
  readonly pages: number;
  readonly links: number;
  /** `page: address`, sorted. */
  readonly broken: readonly string[];
}

/** @param folder of the built site, which is served at the root of a host */
export async function checkLinks(folder: string): Promise<LinkCheck> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.html'));
  const pages = new Map<string, string>(
    await Promise.all(
      files.map(async (file) => {
        const html = await readFile(path.join(folder, file), 'utf8');
        return [`/${file.replace(/index\.html$/, '')}`, html] as const;
      }),
    ),
  );
  const anchors = new Map([...pages].map(([url, html]) => [url, anchorsOf(html)]));
  let links = 0;
  const broken: string[] = [];
  for (const [url, html] of pages) {
    for (const address of addressesIn(html)) {
      const target = new URL(address, `http://site${url}`);
      if (target.host !== 'site') continue;
      links += 1;
      if (!leadsSomewhere(target)) broken.push(`${url}: ${address}`);
    }
  }
  return { pages: pages.size, links, broken: [...new Set(broken)].sort() };

  function leadsSomewhere({ pathname, hash }: URL): boolean {
    const found = anchors.get(decodeURIComponent(pathname));
    if (found === undefined) {
      // No page: a file then. A folder without its slash is a detour that a server may or may not make.
      return path.extname(pathname) !== '' && existsSync(path.join(folder, decodeURIComponent(pathname)));
    }
    return hash === '' || hash === '#' || found.has(decodeURIComponent(hash.slice(1)));
  }
}

function anchorsOf(html: string): Set<string> {
  return new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => unescapeHtml(id)));
}

function addressesIn(html: string): string[] {
  const withoutCode = html.replaceAll(/<script[\s\S]*?<\/script>/g, (script) =>
    script.slice(0, script.indexOf('>')),
  );
  return [...withoutCode.matchAll(/\s(?:href|src)="([^"]*)"/g)]
    .map(([, address = '']) => unescapeHtml(address))
    .filter((address) => !/^(mailto|data|javascript):/.test(address));
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&amp;', '&')
    .replaceAll('&#38;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'");
}
