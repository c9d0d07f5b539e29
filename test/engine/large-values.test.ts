/** Rows are few, but what is in them is large: requests stay small, and what is too large is named before anything happens. */
import { expect, test } from 'vitest';
import { failureOf, openRemote, type PlainRow, pushTo, remoteTarget } from '../support/engine.ts';
import { intercept } from '../support/intercept.ts';

const pictures = (count: number, byte: number): PlainRow[] =>
  Array.from({ length: count }, (_, id) => ({
    id: BigInt(id),
    title: `picture ${id}`,
    bytes: new Uint8Array(4_000_000).fill(byte),
  }));

async function picturesTarget() {
  const target = await remoteTarget();
  await target.run('CREATE TABLE picture (id INTEGER PRIMARY KEY, title TEXT, bytes BLOB)');
  return target;
}

test('few rows with large values are sent ahead, one by one, and not in one request', async () => {
  await using target = await picturesTarget();
  let largest = 0;
  await using between = await intercept(target.url, ({ body }) => {
    largest = Math.max(largest, body.length);
    return 'pass';
  });
  const around = () => openRemote({ url: between.url, token: target.token });
  const { outcome } = await pushTo(target, { picture: pictures(8, 1) }, { around });
  expect(outcome).toMatchObject({ status: 'applied', plan: { apply: { tables: ['swap'] } } });
  expect(largest).toBeLessThan(8_000_000);
  expect(await target.rows('SELECT count(*), min(length(bytes)) FROM picture')).toEqual([[8n, 4_000_000n]]);
});

test('a small change beside large values does not send those', async () => {
  await using target = await picturesTarget();
  await pushTo(target, { picture: pictures(8, 1) });
  let sent = 0;
  await using between = await intercept(target.url, ({ body }) => {
    sent += body.length;
    return 'pass';
  });
  const around = () => openRemote({ url: between.url, token: target.token });
  const changed = pictures(8, 1).map((row) => (row.id === 3n ? { ...row, id: 99n, bytes: null } : row));
  const { outcome } = await pushTo(target, { picture: changed }, { around });
  expect(outcome).toMatchObject({ status: 'applied', plan: { apply: { tables: ['inline'] } } });
  // The row that goes is sent once, to prove that it is still what it was.
  expect(sent).toBeLessThan(8_000_000);
  expect(await target.rows('SELECT title FROM picture WHERE id=99')).toEqual([['picture 3']]);
});

test('values and rows beyond the limit of a server are named with table, key and column, before anything is touched', async () => {
  await using target = await picturesTarget();
  await target.run('CREATE TABLE note (a TEXT, b TEXT)');
  await using between = await intercept(target.url, ({ body }) =>
    body.includes('BEGIN IMMEDIATE') ? 'cut' : 'pass',
  );
  const around = () => openRemote({ url: between.url, token: target.token });
  const error = await failureOf(
    pushTo(
      target,
      {
        picture: [
          { id: 7n, title: 'too large', bytes: new Uint8Array(5_000_001) },
          { id: 8n, title: 'x'.repeat(2_500_000), bytes: new Uint8Array(2_500_001) },
        ],
        note: [
          { a: 'fine', b: 'fine' },
          { a: 'x', b: 'y'.repeat(5_000_001) },
        ],
      },
      { around },
    ),
  );
  expect(error).toMatchObject({ code: 'SOURCE_INVALID', state: 'old', exitCode: 4 });
  expect(error.what).toBe(
    [
      'the test has rows that are too large for the target:',
      '  picture.bytes (id=7): makes a row of 5000010 bytes, and the target accepts 5000000',
      '  picture.bytes (id=8): makes a row of 5000001 bytes, and the target accepts 5000000',
      '  note.b (row 2): makes a row of 5000002 bytes, and the target accepts 5000000',
    ].join('\n'),
  );
  expect(await target.rows("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%overseed%'")).toEqual([
    [0n],
  ]);
});
