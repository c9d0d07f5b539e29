/** Pictures side by side, as they were and as they are; those that came, and those that went. */
import type { PictureChange, PictureSide, ReportFacts } from '../facts.ts';
import { fitting } from './fitting.ts';
import { html, type Markup } from './markup.ts';
import { counted, section } from './show.ts';

/** All pictures together. */
const BYTES = 600_000;

type Group = 'update' | 'insert' | 'delete';

const TITLES: Readonly<Record<Group, string>> = { update: '~ Changed', insert: '+ New', delete: '− Gone' };

export function picturesSection({ pictures }: ReportFacts): Markup | undefined {
  const { items, total, isTotalKnown } = pictures;
  if (items.length === 0) return undefined;
  const figures = fitting(items, BYTES, pictureOf);
  const hidden = total - figures.length;
  const more = isTotalKnown ? counted(hidden, 'more picture') : `more than ${counted(hidden, 'picture')}`;
  const groups = (['update', 'insert', 'delete'] as const).map((group) => {
    const own = figures.filter((_, index) => groupOf(items[index]) === group);
    if (own.length === 0) return undefined;
    return html`<h3 class="${group}">${TITLES[group]}</h3>
<div class="${group === 'update' ? 'pictures pairs' : 'pictures'}">
${own}</div>
`;
  });
  return section(
    'pictures',
    'Pictures',
    html`${groups}`,
    hidden > 0 || !isTotalKnown ? html`<p class="note">Not shown: ${more}.</p>` : undefined,
  );
}

function groupOf(picture: PictureChange | undefined): Group {
  if (picture?.before && picture.after) return 'update';
  return picture?.after ? 'insert' : 'delete';
}

function pictureOf({ table, key, column, before, after }: PictureChange): Markup {
  const name = `${column} of ${table} ${key}`;
  const isPair = before !== undefined && after !== undefined;
  return html`<figure>
<div class="sides">${before && sideOf('before', before, name, isPair)}${after && sideOf('after', after, name, isPair)}</div>
<figcaption><b>${table}</b> <bdi>${key}</bdi> <small>${column}</small></figcaption>
</figure>
`;
}

function sideOf(when: 'before' | 'after', side: PictureSide, name: string, isPair: boolean): Markup {
  const label = isPair ? html`<span class="when">${when}</span>` : undefined;
  return html`<div>${linked(side, picture(side, `${name}, ${when}`))}${label}</div>`;
}

function picture({ thumbnail }: PictureSide, name: string): Markup {
  if (typeof thumbnail === 'string') return html`<span class="empty">${thumbnail}</span>`;
  const { uri, width, height } = thumbnail;
  return html`<img src="${uri}" width="${width}" height="${height}" alt="${name}">`;
}

/** A link is followed by whoever wants to; the page itself asks for nothing. */
function linked({ url }: PictureSide, content: Markup): Markup {
  if (!/^https?:\/\//i.test(url)) return content;
  return html`<a href="${url}" rel="noreferrer noopener">${content}</a>`;
}
