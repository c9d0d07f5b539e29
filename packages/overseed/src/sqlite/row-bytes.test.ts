import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SqlValue } from '../model/value.ts';
import { LocalDatabase } from './local-database.ts';
import { rowBytes } from './row-bytes.ts';

const BITS = new DataView(new ArrayBuffer(8));

function realOf(bits: bigint): number {
  BITS.setBigUint64(0, bits);
  return BITS.getFloat64(0);
}

/** What `docs/formats.md` says, in whole numbers and without the engine. */
function bytesOf(value: SqlValue): Buffer {
  if (value === null) return Buffer.from('n');
  if (typeof value === 'bigint') return Buffer.from(`i${value};`);
  if (typeof value === 'number') return Buffer.from(realText(value));
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.from(`${typeof value === 'string' ? 't' : 'b'}${bytes.length}:`), bytes]);
}

const ONE = 2n ** 1240n;
const STEP = 2n ** 62n;

function realText(value: number): string {
  if (value === 0) return 'r0:0;';
  if (!Number.isFinite(value)) return value > 0 ? 'r+;' : 'r-;';
  const isPlain = Math.abs(value) >= 2 ** -9 && Math.abs(value) < 2 ** 62;
  let scaled = timesOne(value);
  let power = 0;
  if (!isPlain) {
    const size = () => (scaled < 0n ? -scaled : scaled);
    for (; size() < ONE; power--) scaled *= STEP;
    for (; size() >= ONE * STEP; power++) scaled /= STEP;
  }
  const whole = scaled / ONE;
  const fraction = ((scaled - whole * ONE) * STEP) / ONE;
  return `${isPlain ? 'r' : `s${power}:`}${whole}:${fraction};`;
}

/** The value times 2^1240, which is a whole number for every finite double. */
function timesOne(value: number): bigint {
  BITS.setFloat64(0, value);
  const bits = BITS.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xfffffffffffffn) | (exponent === 0 ? 0n : 2n ** 52n);
  const shifted = mantissa << BigInt(1240 - 1074 + Math.max(exponent, 1) - 1);
  return value < 0 ? -shifted : shifted;
}

const anyReal = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map(realOf)
  .filter((value) => !Number.isNaN(value));
const everydayReal = fc.oneof(
  fc.integer({ min: -1e9, max: 1e9 }).map((cents) => cents / 100),
  fc.double({ noNaN: true, min: -1, max: 1 }),
  fc.constantFrom(
    0,
    -0,
    5e-324,
    2.2250738585072014e-308,
    Number.MAX_VALUE,
    Infinity,
    -Infinity,
    2 ** -9,
    2 ** 62,
    2 ** 63,
  ),
);
const anyValue: fc.Arbitrary<SqlValue> = fc.oneof(
  fc.constant(null),
  anyReal,
  everydayReal,
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.string({ unit: 'binary', maxLength: 24 }),
  fc.uint8Array({ maxLength: 24 }).map((bytes) => new Uint8Array(bytes)),
);

function openTable(columns: number) {
  const database = new LocalDatabase(':memory:');
  const names = Array.from({ length: columns }, (_, index) => `c${index}`);
  database.exec(`CREATE TABLE x (${names.join(', ')})`);
  const insert = database.prepare(`INSERT INTO x VALUES (${names.map(() => '?').join(',')})`);
  const read = () => {
    const sql = `SELECT ${rowBytes(names.map((name) => `t.${name}`))} FROM x AS t ORDER BY rowid`;
    return database.rows(sql).map(([bytes]) => Buffer.from(bytes as Uint8Array));
  };
  return { insert, read, [Symbol.dispose]: () => database.close() };
}

test('a row is the bytes that docs/formats.md says, whatever its values are', () => {
  using table = openTable(3);
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  console.info(`seed ${seed} (SEED=${seed} repeats this)`);
  const rows = fc.sample(fc.tuple(anyValue, anyValue, anyValue), { numRuns: 10_000, seed });
  for (const row of rows) table.insert(row);
  const found = table.read();
  expect(found).toHaveLength(rows.length);
  rows.forEach((row, index) => {
    const expected = Buffer.concat(row.map(bytesOf));
    if (!expected.equals(found[index] as Buffer)) expect(found[index], String(row)).toEqual(expected);
  });
});

test('two neighbouring REALs never have the same bytes, from the smallest to the largest', () => {
  using table = openTable(1);
  const bits: bigint[] = [];
  for (let exponent = 0n; exponent < 2047n; exponent++)
    for (const mantissa of [0n, 1n, 2n, 2n ** 51n, 2n ** 51n + 1n, 2n ** 52n - 2n, 2n ** 52n - 1n])
      bits.push((exponent << 52n) | mantissa);
  for (const each of bits) table.insert([realOf(each)]);
  expect(new Set(table.read().map(String)).size).toBe(bits.length);
});

test('the storage class counts, the sign of zero does not', () => {
  using table = openTable(1);
  for (const value of [1n, 1, '1', new Uint8Array([49]), null, '', new Uint8Array()]) table.insert([value]);
  expect(new Set(table.read().map(String)).size).toBe(7);
  for (const value of [0, -0]) table.insert([value]);
  const [zero, negativeZero] = table.read().slice(-2);
  expect(zero).toEqual(negativeZero);
});

test('where a cell ends is not left to its neighbour', () => {
  using table = openTable(2);
  table.insert(['t1:a', 'b']);
  table.insert(['t1:', 'ab']);
  table.insert(['a\u0000', 'b']);
  table.insert(['a', '\u0000b']);
  table.insert([1n, 12n]);
  table.insert([11n, 2n]);
  expect(new Set(table.read().map(String)).size).toBe(6);
});

test('a table may have a thousand columns, or none that count', () => {
  using wide = openTable(1_000);
  wide.insert(Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? index / 3 : String(index))));
  const values = Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? index / 3 : String(index)));
  expect(wide.read()).toEqual([Buffer.concat(values.map(bytesOf))]);
  expect(rowBytes([])).toBe("x''");
});
