import { describe, expect, test } from 'vitest';
import { type ColumnKind, columnKind, Unfit } from './column-kind.ts';
import { fromJavaScript } from './from-javascript.ts';
import { fromJson, parseJson } from './from-json.ts';
import { fromText, toReal } from './from-text.ts';

test.each<[string, ColumnKind]>([
  ['INTEGER', 'integer'],
  ['BIGINT UNSIGNED', 'integer'],
  ['VARCHAR(20)', 'text'],
  ['CLOB', 'text'],
  ['DOUBLE PRECISION', 'real'],
  ['BLOB', 'blob'],
  ['F32_BLOB(3)', 'blob'],
  ['BOOLEAN', 'boolean'],
  ['bool', 'boolean'],
  ['DECIMAL(10,2)', 'numeric'],
  ['TIMESTAMP', 'numeric'],
  ['', 'any'],
  ['ANY', 'any'],
])('a column declared as %j is %s', (type, kind) => {
  expect(columnKind({ type })).toBe(kind);
});

const unfit = (message: string) => new Unfit(message);
const bytes = (...list: number[]) => new Uint8Array(list);

describe('text', () => {
  test.each<[string, ColumnKind, unknown]>([
    ['12', 'integer', 12n],
    ['-9223372036854775808', 'integer', -(2n ** 63n)],
    ['9223372036854775807', 'integer', 2n ** 63n - 1n],
    ['9223372036854775808', 'integer', unfit('does not fit into 64 bits')],
    ['+5', 'integer', 5n],
    ['5.00', 'integer', 5n],
    ['5.5', 'integer', unfit('is not a whole number')],
    ['12a', 'integer', unfit('is not a whole number')],
    [' 12', 'integer', unfit('is not a whole number')],
    ['1,000', 'integer', unfit('is not a whole number')],
    ['', 'integer', unfit('is not a whole number')],
    ['1.5', 'real', 1.5],
    ['-0', 'real', -0],
    ['.5e-3', 'real', 0.0005],
    ['Infinity', 'real', Infinity],
    ['-inf', 'real', -Infinity],
    ['NaN', 'real', unfit('is not a number')],
    ['0x10', 'real', unfit('is not a number')],
    ['', 'real', unfit('is not a number')],
    ['TRUE', 'boolean', 1n],
    ['0', 'boolean', 0n],
    ['yes', 'boolean', unfit('is not true, false, 1 or 0')],
    ['AP8=', 'blob', bytes(0, 255)],
    ['AP8', 'blob', bytes(0, 255)],
    ['base64:AP8=', 'blob', bytes(0, 255)],
    ['hex:00fF', 'blob', bytes(0, 255)],
    ['', 'blob', bytes()],
    ['hex:0', 'blob', unfit('is not hex: pairs of 0-9 and a-f')],
    ['A', 'blob', unfit('is not base64 (or hex: and hex digits)')],
    ['a b', 'blob', unfit('is not base64 (or hex: and hex digits)')],
    ['007', 'text', '007'],
    ['007', 'any', '007'],
    ['2026-01-31', 'numeric', '2026-01-31'],
    ['\ud800', 'text', unfit('holds half of a surrogate pair, which no database text can hold')],
  ])('%j in a column of kind %s', (text, kind, expected) => {
    expect(fromText(text, kind)).toStrictEqual(expected);
  });

  test('a decimal number is the nearest double', () => {
    expect(toReal('0.1000000000000000055511151231257827')).toBe(0.1);
  });
});

describe('JSON', () => {
  test.each<[string, ColumnKind, unknown]>([
    ['9223372036854775807', 'integer', 2n ** 63n - 1n],
    ['9007199254740993', 'any', 2n ** 53n + 1n],
    ['9223372036854775808', 'numeric', unfit('does not fit into 64 bits')],
    ['1e3', 'integer', 1000n],
    ['1e300', 'integer', unfit('is beyond 2^53 and written with an exponent: write all its digits')],
    ['1.0', 'integer', 1n],
    ['1.5', 'integer', unfit('is not a whole number')],
    ['"12"', 'integer', 12n],
    ['1', 'real', 1],
    ['-0', 'real', -0],
    ['1e999', 'real', Infinity],
    ['1.0', 'any', 1],
    ['1', 'any', 1n],
    ['1.10', 'text', '1.10'],
    ['12345678901234567890', 'text', '12345678901234567890'],
    ['true', 'boolean', 1n],
    ['0', 'boolean', 0n],
    ['2', 'boolean', unfit('is not true, false, 1 or 0')],
    ['true', 'integer', 1n],
    ['true', 'text', unfit('is true or false, and the column holds text')],
    ['null', 'text', null],
    ['{"a":[1.10,12345678901234567890,"é"]}', 'text', '{"a":[1.10,12345678901234567890,"é"]}'],
    ['[1]', 'integer', unfit('is an array, and the column holds integer')],
    ['{}', 'blob', unfit('is an object, and the column holds blob')],
    ['5', 'blob', unfit('is a number, and the column holds bytes: write base64, or hex: and hex digits')],
    ['"AP8="', 'blob', bytes(0, 255)],
    ['"\\ud800"', 'text', unfit('holds half of a surrogate pair, which no database text can hold')],
  ])('%s in a column of kind %s', (text, kind, expected) => {
    expect(fromJson(parseJson(text), kind)).toStrictEqual(expected);
  });
});

describe('JavaScript', () => {
  class Point {}
  test.each<[unknown, ColumnKind, unknown]>([
    [12, 'integer', 12n],
    [2 ** 53, 'integer', unfit('is beyond 2^53, where numbers are rounded: write a bigint (12n)')],
    [2n ** 62n, 'integer', 2n ** 62n],
    [2n ** 63n, 'integer', unfit('does not fit into 64 bits')],
    [1.5, 'integer', unfit('is not a whole number')],
    [NaN, 'real', unfit('is not a number (NaN)')],
    [3, 'real', 3],
    [2n ** 53n + 1n, 'real', unfit('would be rounded in a REAL column')],
    [true, 'boolean', 1n],
    [true, 'text', unfit('is true or false, and the column holds text')],
    [null, 'text', null],
    ['12', 'integer', 12n],
    ['AP8=', 'blob', unfit('is text, and the column holds bytes: give a Uint8Array')],
    [Buffer.from([1]), 'blob', bytes(1)],
    [bytes(1), 'text', unfit('is bytes, and the column holds text')],
    [new Date(0), 'text', '1970-01-01T00:00:00.000Z'],
    [new Date(0), 'numeric', '1970-01-01T00:00:00.000Z'],
    [
      new Date(0),
      'integer',
      unfit('is a Date, and an integer column may mean seconds or milliseconds: give the number'),
    ],
    [new Date('x'), 'text', unfit('is not a valid date')],
    [{ a: [1] }, 'text', '{"a":[1]}'],
    [{ a: 1 }, 'integer', unfit('is an object, and the column holds integer')],
    [new Point(), 'text', unfit('is a Point, not a value')],
    [new Map(), 'text', unfit('is a Map, not a value')],
    [() => 1, 'text', unfit('is a function, not a value')],
  ])('%s in a column of kind %s', (value, kind, expected) => {
    expect(fromJavaScript(value, kind)).toStrictEqual(expected);
  });
});
