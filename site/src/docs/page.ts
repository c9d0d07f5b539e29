/**
 * A file of `docs/` as a page of the site. The files are written for people who read them on a forge: they have a heading
 * and no front matter, and link to each other by file name.
 */
import path from 'node:path';

export interface Page {
  /** `recipes/push-on-merge`; `index` for the README of the whole folder. */
  readonly id: string;
  readonly title: string;
  /** The first paragraph, in plain words. */
  readonly description: string;
  /** Markdown below the heading, with links as the site needs them. */
  readonly body: string;
}

/**
 * @param file relative to the folder of documents, with slashes
 * @param base where the site is served, with a slash at its end
 * @throws Error when the file has no heading
 */
export function toPage(file: string, markdown: string, base: string): Page {
  const [, title, rest = ''] = /^# (.+)\n([\s\S]*)$/.exec(markdown) ?? [];
  if (title === undefined) throw new Error(`docs/${file} does not begin with a heading ("# …").`);
  const [, paragraph = ''] = /^\s*([^\n#|`!-][\s\S]*?)(?:\n\n|$)/.exec(rest) ?? [];
  return {
    id: toId(file),
    title: inPlainWords(title),
    description: inPlainWords(paragraph),
    body: outsideCode(rest, (text) => rewriteLinks(text, file, base)),
  };
}

export function toId(file: string): string {
  const id = file.replace(/\.md$/, '').toLowerCase();
  if (id === 'readme') return 'index';
  return id.replace(/\/readme$/, '');
}

/** Code shows what it shows. */
function outsideCode(markdown: string, change: (text: string) => string): string {
  return markdown
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith('```') ? part : change(part)))
    .join('');
}

function rewriteLinks(markdown: string, file: string, base: string): string {
  return markdown.replaceAll(
    /\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g,
    (whole, text: string, href: string) => {
      if (/^([a-z]+:|#)/.test(href)) return whole;
      const [target = '', anchor] = href.split('#');
      const inDocs = path.posix.join(path.posix.dirname(file), target);
      // Other files of the repository are a link away on a forge, and nowhere on the site.
      if (inDocs.startsWith('..')) return text;
      const hash = anchor === undefined ? '' : `#${anchor}`;
      if (!inDocs.endsWith('.md')) return `[${text}](${base}${inDocs}${hash})`;
      const id = toId(inDocs);
      return `[${text}](${base}${id === 'index' ? '' : `${id}/`}${hash})`;
    },
  );
}

function inPlainWords(markdown: string): string {
  return markdown
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*_]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
