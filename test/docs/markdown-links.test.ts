/** Links between the files of the repository, as a forge follows them: the file is there, and so is the heading. */
import { existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

const documents = [
  'README.md',
  'CHANGELOG.md',
  'packages/overseed/README.md',
  'packages/local-cloud/README.md',
  ...(await readdir(path.join(ROOT, 'docs'), { recursive: true })).map((file) => `docs/${file}`),
].filter((file) => file.endsWith('.md'));

/** As GitHub names them: lower case, no punctuation, dashes for spaces, a number for one that is there already. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutCode(markdown).matchAll(/^#{1,6} (.+)$/gm)) {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let number = 1; anchors.has(anchor); number += 1) anchor = `${slug}-${number}`;
    anchors.add(anchor);
  }
  return anchors;
}

const withoutCode = (markdown: string) =>
  markdown
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[()[\]]/g, ''));

async function brokenLinksOf(file: string): Promise<string[]> {
  const markdown = await readFile(path.join(ROOT, file), 'utf8');
  const broken: string[] = [];
  for (const [, href = ''] of withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(href)) continue;
    const [target = '', anchor] = href.split('#');
    const place = target === '' ? path.join(ROOT, file) : path.resolve(ROOT, path.dirname(file), target);
    if (!existsSync(place)) broken.push(href);
    else if (anchor !== undefined && (!place.endsWith('.md') || statSync(place).isDirectory()))
      broken.push(href);
    else if (anchor !== undefined && !anchorsOf(await readFile(place, 'utf8')).has(anchor)) broken.push(href);
  }
  return broken;
}

test.each(documents)('%s', async (file) => {
  expect(await brokenLinksOf(file)).toEqual([]);
});
