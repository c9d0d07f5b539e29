/** P5, at random: values of every storage class go to a real server and come back the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import { pushTo, remoteTarget } from '../support/engine.ts';

const ROWS = 2_500;
const COLUMNS = ['plain', 'whole', 'fraction', 'words', 'number', 'bytes'] as const;
const BITS = new DataView(new ArrayBuffer(8));

/** Every bit pattern of a double but NaN, which SQLite stores as NULL. */
const anyReal = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => {
  BITS.setBigUint64(0, bits);
  const value = BITS.getFloat64(0);
  return Number.isNaN(value) ? 0.5 : value;
});
const specialReal = fc.constantFrom(
  0,
  -0,
  Infinity,
  -Infinity,
  5e-324,
  -5e-324,
  2.2250738585072014e-308,
  1.7976931348623157e308,
  0.1,
  1e15,
  1e16,
  3,
  2 ** 62,
  -(2 ** 62),
  2 ** 63,
  2 ** 53 + 2,
  2 ** -10,
  2 ** -11,
  1 / 3,
);
const price = fc.integer({ min: -1e9, max: 1e9 }).map((cents) => cents / 100);
const anyInteger = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, -1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)),
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 24 }),
  fc.constantFrom('', '\u0000', 'a\u0000b', '12', '1e5', 'null', '"', '\\', '\u2028', '\uffff', '😀', 'ñ'),
);
const anyBlob = fc.uint8Array({ maxLength: 24 });
const anyValue: fc.Arbitrary<SqlValue> = fc.oneof(
  fc.constant(null),
  anyReal,
  specialReal,
  price,
  anyInteger,
  anyText,
  anyBlob,
);

test(`P5: ${(2 * ROWS * COLUMNS.length * 4).toLocaleString('en')} random values arrive exactly as the local engine stores them`, async () => {
  await using target = await remoteTarget();
  await target.run(
    'CREATE TABLE v (id INTEGER PRIMARY KEY, plain, whole INTEGER, fraction REAL, words TEXT, number NUMERIC, bytes BLOB)',
  );
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  console.info(`seed ${seed} (SEED=${seed} repeats this)`);
  // Several pushes, so that rows are inserted, updated and compared; each is verified by the push itself.
  for (let round = 0; round < 8; round++) {
    const rows = fc.sample(fc.tuple(...COLUMNS.map(() => anyValue)), { numRuns: ROWS, seed: seed + round });
    const table = rows.map((cells, id) => ({
      id: BigInt(id),
      ...Object.fromEntries(COLUMNS.map((name, i) => [name, cells[i] as SqlValue])),
    }));
    expect((await pushTo(target, { v: table })).outcome.status).toBe('applied');
    expect((await pushTo(target, { v: table })).outcome.status).toBe('unchanged');
    // A second opinion: what a column without affinity holds, asked for in another way than the engine reads it.
    const stored = await target.rows(
      'SELECT typeof(plain), hex(CAST(plain AS BLOB)) FROM v ORDER BY id LIMIT 500',
    );
    rows.slice(0, 500).forEach(([plain], index) => {
      expect(stored[index]?.[0], `row ${index} of round ${round}`).toBe(storageClass(plain as SqlValue));
      if (typeof plain === 'string')
        expect(stored[index]?.[1]).toBe(Buffer.from(plain).toString('hex').toUpperCase());
      if (plain instanceof Uint8Array)
        expect(stored[index]?.[1]).toBe(Buffer.from(plain).toString('hex').toUpperCase());
    });
  }
});

function storageClass(value: SqlValue): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return 'real';
  return typeof value === 'string' ? 'text' : 'blob';
}
