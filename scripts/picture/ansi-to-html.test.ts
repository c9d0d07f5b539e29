import { expect, test } from 'vitest';
import { ansiToHtml } from './ansi-to-html.ts';

const cases: readonly [name: string, text: string, html: string][] = [
  ['plain text stays', 'Done', 'Done'],
  ['a colour ends at its reset', '\u001b[32m✔\u001b[39m build', '<span class="green">✔</span> build'],
  ['intensity ends by itself', '\u001b[1mOverseed\u001b[22m db', '<span class="bold">Overseed</span> db'],
  ['styles add up', '\u001b[1;31mno\u001b[0m', '<span class="bold red">no</span>'],
  ['text is escaped', 'a <b> & c', 'a &lt;b&gt; &amp; c'],
  ['an unknown code changes nothing', '\u001b[4mx\u001b[24m', 'x'],
];

test.each(cases)('%s', (_name, text, html) => {
  expect(ansiToHtml(text)).toBe(html);
});
