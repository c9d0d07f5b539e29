/** Reads the folder of documents into Starlight's collection, and again when one of them changes. */
import { cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Loader } from 'astro/loaders';
import { homePage } from './home.ts';
import { toId, toPage } from './page.ts';

/** @param folder relative to the root of the site */
export function docsFolder(folder: string): Loader {
  return {
    name: 'docs-folder',
    async load({ store, config, parseData, renderMarkdown, generateDigest, watcher }) {
      const root = path.resolve(fileURLToPath(config.root), folder);
      const base = `${config.base.replace(/\/$/, '')}/`;

      async function read(file: string): Promise<void> {
        const absolute = path.join(root, file);
        const page = toPage(file, await readFile(absolute, 'utf8'), base);
        const isHome = page.id === 'index';
        const rendered = await renderMarkdown(await inlinePictures(page.body, root, base), {
          fileURL: pathToFileURL(absolute),
        });
        store.set({
          id: page.id,
          data: await parseData({
            id: page.id,
            data: {
              title: page.title,
              description: page.description,
              ...(isHome ? homePage(base) : {}),
            },
          }),
          body: page.body,
          filePath: path.posix.join(folder, file),
          digest: generateDigest(page.body),
          rendered,
        });
      }

      async function readAll(): Promise<void> {
        store.clear();
        // Pictures are served as they are.
        await cp(path.join(root, 'pictures'), path.join(fileURLToPath(config.publicDir), 'pictures'), {
          recursive: true,
        });
        const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.md'));
        for (const file of files.map(withSlashes).sort()) await read(file);
      }

      await readAll();
      watcher?.add(root);
      for (const happened of ['add', 'change', 'unlink'] as const)
        watcher?.on(happened, (file) => {
          if (!file.startsWith(root) || !file.endsWith('.md')) return;
          const name = withSlashes(path.relative(root, file));
          if (happened === 'unlink') store.delete(toId(name));
          else void read(name);
        });
    },
  };
}

const withSlashes = (file: string) => file.split(path.sep).join('/');

/** A drawing in the page itself takes the colours of the page; in an `img` it would know only those of the system. */
async function inlinePictures(markdown: string, root: string, base: string): Promise<string> {
  const pictures = [...markdown.matchAll(/^!\[[^\]]*\]\(([^)]+\.svg)\)$/gm)];
  let result = markdown;
  for (const [image, url = ''] of pictures) {
    const svg = await readFile(path.join(root, url.slice(base.length)), 'utf8');
    // An empty line would end the HTML block.
    result = result.replace(
      image,
      () => `<figure class="drawing" tabindex="0">${svg.replaceAll(/\n\s*\n/g, '\n')}</figure>`,
    );
  }
  return result;
}
