import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html, rawText } from './markup.ts';

test('whatever stands in a template is text, in elements and in attributes', () => {
  const evil = `</script><script>alert(1)</script>"' onload=x & <!-- \0\ud800`;
  const page = html`<p title="${evil}">${evil}</p>`.text;
  const text =
    '&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=x &amp; &lt;!-- \ufffd\ufffd';
  expect(page).toBe(`<p title="${text}">${text}</p>`);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (any) => {
      const { text: escaped } = html`${any}`;
      expect(escaped).not.toMatch(/[<>"'\0]/);
      expect(escaped.isWellFormed()).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('markup, lists and nothing keep their places', () => {
  expect(html`<ul>${[1, 2].map((each) => html`<li>${each}</li>`)}${undefined}</ul>`.text).toBe(
    '<ul><li>1</li><li>2</li></ul>',
  );
});

test('a style sheet or a script that would end its element is refused', () => {
  expect(() => rawText('a </script> b')).toThrow(TypeError);
  expect(() => rawText('<!-- b')).toThrow(TypeError);
});
