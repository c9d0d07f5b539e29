import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactor } from '../redact.ts';
import { aroundDifference, differingParts } from './differing.ts';
import { showCell, showChange } from './show-value.ts';
import { shorten, visible } from './visible.ts';

const asIs = redactor([]);
const shown = (value: Parameters<typeof showCell>[1]) => showCell('column', value, asIs);

describe('a cell as people see it', () => {
  test('says of what type it is, and never shows more than a line or two', () => {
    expect(shown(null)).toEqual({ kind: 'null', parts: ['NULL', '', ''] });
    expect(shown(9_223_372_036_854_775_807n).parts[0]).toBe('9223372036854775807');
    expect([1, -0.5, 1e300, Infinity].map((number) => shown(number).parts[0])).toEqual([
      '1.0',
      '-0.5',
      '1e+300',
      'Infinity',
    ]);
    expect(shown('Ático').parts[0]).toBe('Ático');
    expect(shown(new Uint8Array(5_000_000))).toEqual({
      kind: 'blob',
      parts: ["x'000000000000000000000000…'", '', ''],
      size: '5.0 MB',
    });
    const long = shown('x'.repeat(5_000_000));
    expect(long.parts[0].length).toBeLessThan(130);
    expect(long.size).toBe('5\u202f000\u202f000 characters');
  });

  test('hides nothing that is there: controls, halves of characters, characters that turn the line around', () => {
    expect(visible('a\0b\tc\nd\u202egnp.exe\u007f')).toBe('a␀b⇥c↵d⟨U+202E⟩gnp.exe⟨U+007F⟩');
    expect(visible('\ud83d')).toBe('\ufffd');
    expect(visible('👨‍👩‍👧 naïve')).toBe('👨‍👩‍👧 naïve');
    expect(shorten(`${'😀'.repeat(100)}`, 51).isWellFormed()).toBe(true);
  });

  test('values of columns that are named like secrets are hidden, numbers and NULL are not', () => {
    expect(showCell('password_hash', 'abc', asIs).kind).toBe('hidden');
    expect(showCell('apiToken', new Uint8Array(3), asIs).kind).toBe('hidden');
    expect(showCell('tokens_used', 5n, asIs).kind).toBe('integer');
    const change = showChange('apiToken', null, 'abc', asIs);
    expect([change.before?.kind, change.after?.kind]).toEqual(['null', 'hidden']);
  });

  test('a secret that changes inside a text is hidden on both sides', () => {
    const url = (token: string) => `https://example.com/a?token=${token}&size=2`;
    const { before, after } = showChange('link', url('one'), url('two'), asIs);
    expect([before?.kind, after?.kind]).toEqual(['hidden', 'hidden']);
    const known = redactor(['s3cr3t-value']);
    expect(showCell('note', 'it is s3cr3t-value.', known).parts[0]).toBe('it is [hidden].');
  });
});

describe('the difference of two texts', () => {
  test('is the piece that is new, and a little around it, also in five million characters', () => {
    const text = 'lorem ipsum '.repeat(420_000);
    const other = `${text.slice(0, 2_500_000)}HERE${text.slice(2_500_000)}`;
    const { before, after } = showChange('about', text, other, asIs);
    expect(after?.parts.join('').length).toBeLessThan(400);
    expect(after?.parts.join('')).toContain('HERE');
    expect(before?.size).toBe('5\u202f040\u202f000 characters');
  });

  test('both sides put together are the texts, where they are short', () => {
    const short = fc.string({ unit: 'binary', maxLength: 28 });
    fc.assert(
      fc.property(short, short, (first, second) => {
        const [old, now] = differingParts(first, second);
        expect(old.join('')).toBe(first);
        expect(now.join('')).toBe(second);
        // No character is cut in two.
        for (const part of [...old, ...now]) expect(part.isWellFormed()).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('no side is ever longer than some lines', () => {
    const any = fc.string({ maxLength: 3_000, size: 'max' });
    fc.assert(
      fc.property(any, any, any, (head, first, second) => {
        for (const parts of differingParts(head + first, head + second))
          expect(parts.join('').length).toBeLessThan(300);
        for (const text of aroundDifference(head + first, head + second, 100))
          expect(text.length).toBeLessThanOrEqual(102);
      }),
      { numRuns: 50 },
    );
  });
});
