import { expect, test } from 'vitest';
import { STYLE } from './style.ts';

/** The colours of one scheme, by name. */
function colours(block: string): ReadonlyMap<string, string> {
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = '', hex = '']) => [name, hex]),
  );
}

/** WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(first: string, second: string): number {
  const [darker = 0, lighter = 0] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const [, light = '', dark = ''] = STYLE.split(':root {');

test.each([
  ['light', light],
  ['dark', dark],
])('every text has a contrast of 4.5 to 1 in the %s scheme', (_, block) => {
  const scheme = colours(block);
  expect(scheme.size).toBe(15);
  const pairs = [
    ...['ink', 'quiet', 'new', 'changed', 'gone', 'good'].flatMap((text) =>
      ['paper', 'raised', 'faint'].map((back) => [text, back] as const),
    ),
    ...['new', 'changed', 'gone', 'good'].map((text) => [text, `${text}-back`] as const),
    ['ink', 'gone-back'] as const,
    ['quiet', 'gone-back'] as const,
  ];
  const weak = pairs
    .map(([text, back]) => ({ text, back, ratio: contrast(scheme.get(text) ?? '', scheme.get(back) ?? '') }))
    .filter(({ ratio }) => !(ratio >= 4.5));
  expect(weak).toEqual([]);
});
