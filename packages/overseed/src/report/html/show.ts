/** Small pieces that several parts of a report are made of. */
import { assertNever } from '../../util/assert-never.ts';
import { formatCount } from '../../util/format.ts';
import type { ShownValue } from '../facts.ts';
import { shorten } from '../values/visible.ts';
import { html, type Markup } from './markup.ts';

/** Longest message that is shown whole, in characters. */
const MESSAGE = 6_000;

/** A number as people read it; nothing is a dot. */
export function count(value: number): string {
  return value === 0 ? '·' : formatCount(value);
}

/** `1 row`, `1 234 567 rows` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** Text on one line. */
export function line(text: string): string {
  return shorten(text, 400);
}

/** Text of several lines, as it came. */
export function message(text: string): Markup {
  return html`<p class="message">${withCode(shorten(text, MESSAGE))}</p>`;
}

/** What stands between backticks is to be typed. */
export function withCode(text: string): Markup {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

export function section(id: string, title: string, ...content: readonly (Markup | undefined)[]): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}
</section>
`;
}

/** A table wider than the screen scrolls by itself, also with the keyboard. */
export function scrolling(label: string, table: Markup): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}

/** The cell as it was or will be. */
export function value(shown: ShownValue): Markup {
  const { kind, parts, size } = shown;
  const [before, different, after] = parts;
  const isMarked = before !== '' || after !== '';
  const marked = different !== '' && isMarked ? html`<mark>${different}</mark>` : different;
  const text = html`${before}${marked}${after}`;
  const note = size === undefined ? undefined : html` <small>${size}</small>`;
  switch (kind) {
    case 'text':
      return text.text === '' ? html`<i>empty text</i>` : html`<bdi>${text}</bdi>${note}`;
    case 'null':
    case 'hidden':
      return html`<i>${text}</i>`;
    case 'integer':
    case 'real':
    case 'blob':
      return html`<span class="number">${text}</span>${note}`;
    default:
      return assertNever(kind);
  }
}
