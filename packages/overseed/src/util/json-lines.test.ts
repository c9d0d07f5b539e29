import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLines } from './json-lines.ts';

test('one key a line, one object of a list a line, anything deeper on one line', () => {
  const value = {
    a: 'x',
    none: [],
    words: ['p', 'q'],
    list: [{ b: [{ c: 1 }] }, { b: [] }],
    deep: { d: null },
  };
  expect([...jsonLines(value)].join('')).toBe(
    [
      '{',
      '  "a": "x",',
      '  "none": [],',
      '  "words": ["p","q"],',
      '  "list": [',
      '    {"b":[{"c":1}]},',
      '    {"b":[]}',
      '  ],',
      '  "deep": {',
      '    "d": null',
      '  }',
      '}',
      '',
    ].join('\n'),
  );
});

test('it is the JSON that JSON.stringify makes, whatever the value', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      expect(JSON.parse([...jsonLines(value)].join(''))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
