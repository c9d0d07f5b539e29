import { describe, expect, test } from 'vitest';
import { UnusableFile } from '../unusable-file.ts';
import { sanitizeSvg } from './sanitize-svg.ts';

const OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';

/** What is left of the content of a drawing. */
function left(content: string): string {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg">${content}</svg>`;
  const clean = sanitizeSvg(Buffer.from(drawing)).trim();
  expect(clean.startsWith(OPEN)).toBe(true);
  return clean === `${OPEN}/>` ? '' : clean.slice(OPEN.length + 1, -'</svg>'.length);
}

describe('a drawing keeps what draws', () => {
  test.each([
    '<path d="M0 0h9v9z" fill="#f00" stroke-width="2"/>',
    '<defs><linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient></defs><rect fill="url(#g)" width="9" height="9"/>',
    '<style>.a{fill:url(#g)} .b::after{content:&quot;x&quot;}</style><g class="a"/>',
    '<symbol id="s"><circle r="3"/></symbol><use href="#s"/><use xlink:href="#s"/>',
    '<text x="1"><tspan>a &amp; b &lt; c ñ 😀</tspan></text>',
    '<image href="data:image/png;base64,iVBORw0KGgo=" width="1" height="1"/>',
    '<g style="fill:red;clip-path:url(&quot;#c&quot;)"/>',
    '<filter id="f"><feGaussianBlur stdDeviation="2"/></filter><title>T</title><desc>D</desc>',
  ])('%s', (content) => {
    expect(left(content)).toBe(content);
  });

  test('the root keeps its size, and comes out as UTF-8 without declaration, document type or comments', () => {
    const bytes = Buffer.from(
      '\uFEFF<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd"><!-- c --><svg xmlns="http://www.w3.org/2000/svg" width="8" viewBox="0 0 8 8"/>',
    );
    expect(sanitizeSvg(bytes)).toBe(`${OPEN} width="8" viewBox="0 0 8 8"/>\n`);
  });
});

describe('a drawing loses what acts or reaches out', () => {
  const harmful: readonly [content: string, rest: string][] = [
    ['<script>alert(1)</script>', ''],
    ['<script href="https://evil.example/x.js"/>', ''],
    ['<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>', ''],
    ['<rect onload="alert(1)" ONCLICK="alert(1)" width="1"/>', '<rect width="1"/>'],
    ['<a href="javascript:alert(1)"><rect/></a>', ''],
    ['<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>', ''],
    ['<use href="https://evil.example/x.svg#a"/>', '<use/>'],
    ['<use href="data:image/svg+xml;base64,AAAA#a"/>', '<use/>'],
    ['<use href=" #a"/>', '<use/>'],
    ['<image href="https://evil.example/track.png"/>', '<image/>'],
    ['<image href="data:image/svg+xml;base64,AAAA"/>', '<image/>'],
    ['<image href="data:text/html,x"/>', '<image/>'],
    ['<animate attributeName="href" to="javascript:alert(1)"/>', ''],
    ['<set attributeName="onclick" to="alert(1)"/>', ''],
    ['<iframe src="x"/><embed src="x"/><object data="x"/><audio/><video/><handler/><listener/>', ''],
    ['<rect fill="url(https://evil.example/#x)" width="1"/>', '<rect width="1"/>'],
    ['<rect style="background:url(//evil.example)"/>', '<rect/>'],
    ['<rect style="background:u\\72l(//evil.example)"/>', '<rect/>'],
    ["<rect style=\"content:'/*';background:url(//evil.example);content:'*/'\"/>", '<rect/>'],
    ['<rect style="background:u/**/rl(//evil.example)"/>', '<rect/>'],
    ['<style>@import "https://evil.example/x.css";</style>', '<style/>'],
    ['<style>@font-face{src:url(https://evil.example/f)}</style>', '<style/>'],
    [
      '<style><![CDATA[</style><script>alert(1)</script>]]></style>',
      '<style>&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;</style>',
    ],
    ['<g xmlns="http://www.w3.org/1999/xhtml" xmlns:x="y"><x:script/></g>', '<g/>'],
    ['<?xml-stylesheet href="https://evil.example/x.css"?><!-- c -->', ''],
    ['<metadata><rdf:RDF xmlns:rdf="x">me, at home</rdf:RDF></metadata>', ''],
    ['<text>&lt;script&gt;</text>', '<text>&lt;script&gt;</text>'],
    ['<rect id="&quot;&gt;&lt;script&gt;"/>', '<rect id="&quot;&gt;&lt;script&gt;"/>'],
  ];
  test.each(harmful)('%s', (content, rest) => {
    expect(left(content)).toBe(rest);
    // What comes out is what goes in again.
    expect(left(rest)).toBe(rest);
  });
});

describe('what is no well-formed drawing is refused', () => {
  test.each([
    ['<svg xmlns="http://www.w3.org/2000/svg"><g></svg>', 'is not well-formed'],
    ['<svg xmlns="http://www.w3.org/2000/svg">&unknown;</svg>', 'is not well-formed'],
    [
      '<!DOCTYPE svg [<!ENTITY a "&#60;script/>">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
      'is not well-formed',
    ],
    ['<svg viewBox="0 0 1 1"/>', 'is not an SVG'],
    ['<html xmlns="http://www.w3.org/1999/xhtml"/>', 'is not an SVG'],
    ['<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', 'is not an SVG'],
    [
      `<svg xmlns="http://www.w3.org/2000/svg">${'<g>'.repeat(250)}${'</g>'.repeat(250)}</svg>`,
      'nested more than 200',
    ],
    [`<svg xmlns="http://www.w3.org/2000/svg">${'<g>'.repeat(50_000)}${'</g>'.repeat(50_000)}</svg>`, 'is n'],
  ])('%#', (drawing, message) => {
    expect(() => sanitizeSvg(Buffer.from(drawing))).toThrow(UnusableFile);
    expect(() => sanitizeSvg(Buffer.from(drawing))).toThrow(message);
  });

  test('bytes that are no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('<svg xmlns="http://www.w3.org/2000/svg">'), Buffer.of(0xff)]);
    expect(() => sanitizeSvg(bytes)).toThrow('is not well-formed');
  });
});
