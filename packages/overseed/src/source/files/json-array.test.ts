import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ElementSplitter, NotAnArray } from './json-array.ts';

function split(text: string, pieces: readonly number[] = []): { text: string; line: number }[] {
  const splitter = new ElementSplitter();
  const found: { text: string; line: number }[] = [];
  let rest = text;
  for (const size of pieces) {
    found.push(...splitter.feed(rest.slice(0, size)));
    rest = rest.slice(size);
  }
  found.push(...splitter.feed(rest));
  splitter.finish();
  return found;
}

test('any array is cut into its elements, wherever the pieces end', () => {
  const pieces = fc.array(fc.nat(7), { maxLength: 40 });
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.constantFrom(undefined, 2, '\t'),
      pieces,
      (values, indent, sizes) => {
        const found = split(JSON.stringify(values, null, indent), sizes);
        expect(found.map(({ text }) => JSON.parse(text))).toEqual(
          values.map((value) => JSON.parse(JSON.stringify(value))),
        );
      },
    ),
  );
});

test('each element knows the line on which it begins', () => {
  const text = '\n[\n  {"a":\n 1},\n\n {"b": "]\\"\\n,"} , 3\n]\n';
  for (const sizes of [[], Array(40).fill(1)]) {
    expect(split(text, sizes).map(({ line }) => line)).toEqual([3, 6, 6]);
  }
});

test.each([
  ['', 'is empty: an array of objects is expected'],
  ['  \n', 'is empty: an array of objects is expected'],
  ['{"a":1}', 'is not an array of objects: it must begin with "["'],
  ['[1,', 'ends in the middle of the array'],
  ['["abc', 'ends in the middle of the array'],
  ['[1,]', 'has a comma too many'],
  ['[,1]', 'has a comma too many'],
  ['[1,,2]', 'has a comma too many'],
  ['[1] 2', 'goes on after the end of the array'],
])('%j %s', (text, message) => {
  expect(() => split(text)).toThrow(new NotAnArray(message));
});
