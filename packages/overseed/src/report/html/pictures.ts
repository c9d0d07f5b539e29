/** Pictures side by side: as they were, as they are. */
import type { PictureChange, PictureSide, ReportFacts } from '../facts.ts';
import { fitting } from './fitting.ts';
import { html, type Markup } from './markup.ts';
import { counted, section } from './show.ts';

/** All pictures together. */
const BYTES = 600_000;

export function picturesSection({ pictures }: ReportFacts): Markup | undefined {
  const { items, total, isTotalKnown } = pictures;
  if (items.length === 0) return undefined;
  const figures = fitting(items, BYTES, pictureOf);
  const hidden = total - figures.length;
  const more = isTotalKnown ? counted(hidden, 'more picture') : `more than ${counted(hidden, 'picture')}`;
  return section(
    'pictures',
    'Pictures',
    html`<div class="pictures">
${figures}</div>
${hidden > 0 || !isTotalKnown ? html`<p class="note">Not shown: ${more}.</p>` : undefined}`,
  );
}

function pictureOf({ table, key, column, before, after }: PictureChange): Markup {
  const name = `${column} of ${table} ${key}`;
  return html`<figure>
<div class="pair">${sideOf('before', before, name)}${sideOf('after', after, name)}</div>
<figcaption><b>${table}</b> <bdi>${key}</bdi> <small>${column}</small></figcaption>
</figure>
`;
}

function sideOf(when: 'before' | 'after', side: PictureSide | undefined, name: string): Markup {
  const label = when === 'before' ? '− before' : '+ after';
  const content = side
    ? linked(side, picture(side, `${name}, ${when}`))
    : html`<span class="empty">no picture</span>`;
  return html`<div class="${when === 'before' ? 'delete' : 'insert'}"><span class="when">${label}</span>${content}</div>`;
}

function picture({ thumbnail }: PictureSide, name: string): Markup {
  if (typeof thumbnail === 'string') return html`<span class="empty">${thumbnail}</span>`;
  const { uri, width, height } = thumbnail;
  return html`<img src="${uri}" width="${width}" height="${height}" alt="${name}">`;
}

/** A link is followed by whoever wants to; the page itself asks for nothing. */
function linked({ url }: PictureSide, content: Markup): Markup {
  if (!/^https?:\/\//i.test(url)) return content;
  return html`<a href="${url}" rel="noreferrer noopener" title="${url}">${content}</a>`;
}
