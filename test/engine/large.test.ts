/** Tables large enough for the ways that small ones never take: sorted building, threads, proof by pages. */
import { describe, expect, test } from 'vitest';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import type { Event } from '../../packages/overseed/src/model/event.ts';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import type { Target } from '../../packages/overseed/src/target/target.ts';
import { fileTarget, type PlainRow, pushTo, remoteTarget, type TestTarget } from '../support/engine.ts';

const ROWS = 30_000;

/** In no order that an index would like. */
const scattered = (i: number) => ((i * 2_654_435_761) >>> 0).toString(16).padStart(8, '0');

const SCHEMA = [
  'CREATE TABLE home (id TEXT PRIMARY KEY, price REAL, rooms INTEGER, note TEXT, photo BLOB, extra)',
  'CREATE TABLE tag (name TEXT COLLATE NOCASE, number INTEGER, PRIMARY KEY (name, number)) WITHOUT ROWID',
  'CREATE TABLE point (at REAL PRIMARY KEY, label TEXT) WITHOUT ROWID',
  'CREATE TABLE visit (day TEXT)',
];

function homes(): PlainRow[] {
  return Array.from({ length: ROWS }, (_, i) => ({
    id: scattered(i),
    price: i / 7,
    rooms: BigInt(i % 9),
    note: i % 10 === 0 ? null : `¿qué? "${i}"\u0000`,
    photo: i % 1_000 === 0 ? new Uint8Array([i % 256, 0]) : null,
    // Most REALs of this size cannot be packed, so their pages travel cell by cell.
    extra: i % 3_000 === 0 ? 1e-30 * i : BigInt(i) * 4_611_686_018_427n,
  }));
}

const all = () => ({
  home: homes(),
  tag: Array.from({ length: ROWS }, (_, i) => ({
    name: `${i % 2 ? 'T' : 't'}${scattered(i >> 1)}`,
    number: BigInt(i),
  })),
  point: Array.from({ length: 3_000 }, (_, i) => ({
    at: ((i * 7_919) % 3_000) / 3_001,
    label: scattered(i),
  })),
  visit: [{ day: 'a' }, { day: 'a' }, { day: null }],
});

async function dump(target: TestTarget): Promise<SqlValue[][]> {
  const sums = await target.rows(
    `SELECT count(*), count(DISTINCT id), total(rooms), total(length(note)), total(length(photo)), total(extra) FROM home
     UNION ALL SELECT count(*), count(DISTINCT name), total(number), 0, 0, 0 FROM tag
     UNION ALL SELECT count(*), count(DISTINCT at), total(at), 0, 0, 0 FROM point
     UNION ALL SELECT count(*), 0, 0, 0, 0, 0 FROM visit`,
  );
  const some = await target.rows("SELECT id, price, hex(note), extra FROM home WHERE id<'001' ORDER BY id");
  return [...sums, ...some];
}

describe.each([
  { kind: 'remote', open: remoteTarget },
  { kind: 'file', open: fileTarget },
])('large tables on a $kind target', ({ open }) => {
  test('arrive whole; unchanged, nothing is written; a few changes, only they', async () => {
    await using target = await open();
    await target.run(...SCHEMA);
    const tables = all();
    const first = await pushTo(target, tables);
    expect(first.outcome).toMatchObject({ status: 'applied' });
    const state = await dump(target);
    expect(state.slice(0, 4).map(([count]) => count)).toEqual([30_000n, 30_000n, 3_000n, 3n]);
    expect(new Map(state.slice(4).map(([id, ...rest]) => [id, rest]))).toEqual(
      new Map(
        tables.home
          .filter(({ id }) => String(id) < '001')
          .map(({ id, price, note, extra }) => [
            id,
            [
              price,
              Buffer.from(String(note ?? ''))
                .toString('hex')
                .toUpperCase(),
              extra,
            ],
          ]),
      ),
    );
    expect((await pushTo(target, tables)).outcome.status).toBe('unchanged');

    const changed = {
      ...tables,
      home: tables.home.map((row, i) => (i === 12_345 ? { ...row, price: -1 } : row)),
    };
    changed.tag = changed.tag.slice(1);
    const second = await pushTo(target, changed);
    expect(second.outcome).toMatchObject({
      status: 'applied',
      plan: {
        tables: [
          { table: 'home', inserts: 0, updates: 1, deletes: 0, unchanged: ROWS - 1 },
          { table: 'tag', inserts: 0, updates: 0, deletes: 1 },
          { table: 'point', inserts: 0, updates: 0, deletes: 0 },
          { table: 'visit', inserts: 0, updates: 0, deletes: 0 },
        ],
      },
    });
  });

  test('a run that is stopped while both sides are read leaves everything as it was', async () => {
    await using target = await open();
    await target.run(...SCHEMA, "INSERT INTO visit VALUES ('kept')");
    const stop = new AbortController();
    function* slowly(): Generator<PlainRow> {
      for (const [i, row] of homes().entries()) {
        if (i === 25_000) stop.abort(new Error('stopped'));
        yield row;
      }
    }
    const tables = { home: [...slowly()], visit: [] };
    await expect(pushTo(target, tables, { signal: stop.signal })).rejects.toThrow('stopped');
    expect(await target.rows('SELECT * FROM visit')).toEqual([['kept']]);
  });
});

test('each row that the engine refuses is named, wherever in a large table it stands', async () => {
  await using target = await remoteTarget();
  await target.run(
    SCHEMA[0] as string,
    'CREATE TABLE strict (id TEXT PRIMARY KEY, n INTEGER NOT NULL CHECK (n >= 0))',
  );
  const rows: PlainRow[] = Array.from({ length: ROWS }, (_, i) => ({ id: scattered(i), n: BigInt(i) }));
  rows[25_000] = { id: scattered(10), n: 1n };
  rows[26_000] = { id: scattered(24_000), n: 1n };
  rows[27_000] = { id: 'negative', n: -1n };
  rows[28_000] = { id: 'nothing', n: null };
  const error = await pushTo(target, { strict: rows }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OverseedError);
  const { message } = error as OverseedError;
  expect(message).toContain('4 problems');
  for (const key of [scattered(10), scattered(24_000), 'negative', 'nothing'])
    expect(message).toContain(`id=${key}`);
  expect(await target.rows('SELECT count(*) FROM strict')).toEqual([[0n]]);
});

describe('P4: the proof of a large table', () => {
  /** A target on which somebody changes something as soon as the apply batch has committed. */
  function meddledWith(target: TestTarget, sql: string): (opened: Target) => Target {
    return (opened) => ({
      ...opened,
      async write(steps, signal) {
        const receipt = await opened.write(steps, signal);
        if (steps.some((step) => step.sql.includes('INSERT INTO _overseed_runs'))) await target.run(sql);
        return receipt;
      },
    });
  }

  test.each([
    ['a changed cell', `UPDATE home SET price=price+1e-9 WHERE id='${scattered(29_000)}'`, '1 different'],
    [
      'a changed storage class',
      `UPDATE home SET extra=CAST(extra AS TEXT) WHERE id='${scattered(5)}'`,
      '1 different',
    ],
    ['a missing row', `DELETE FROM home WHERE id='${scattered(1)}'`, '1 missing'],
    ['a row too many at the end', "INSERT INTO home (id) VALUES ('zzz')", '1 too many'],
    [
      'a row that stands elsewhere, while all counts agree',
      `UPDATE home SET id='zzz' WHERE id='${scattered(1)}'`,
      '1 missing, 0 different, 1 too many',
    ],
    ['a row whose key is NULL', 'INSERT INTO home (id) VALUES (NULL)', '1 too many'],
  ])('finds %s', async (_, sql, finding) => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const error = await pushTo(target, all(), { around: meddledWith(target, sql) }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'VERIFY_FAILED' });
    expect((error as OverseedError).message).toMatch(new RegExp(`home: .*${finding}`));
  });

  test.each([
    { name: 'is read over two connections when both see one state', between: undefined, used: 2 },
    { name: 'is about one state, if somebody writes between two', between: 'INSERT INTO other', used: 1 },
  ])('$name', async ({ between, used }) => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA, 'CREATE TABLE other (n)');
    const questions: number[] = [];
    const firstBegan = Promise.withResolvers<void>();
    let isVerifying = false;
    const around = (opened: Target): Target => ({
      ...opened,
      snapshot(signal) {
        const snapshot = opened.snapshot(signal);
        if (!isVerifying) return snapshot;
        const number = questions.push(0) - 1;
        return {
          ...snapshot,
          async query(queries, options) {
            questions[number] = (questions[number] ?? 0) + 1;
            if (between && number === 1 && questions[1] === 1) {
              await firstBegan.promise;
              await target.run(`${between} VALUES (1)`);
            }
            const answers = await snapshot.query(queries, options);
            if (number === 0) firstBegan.resolve();
            return answers;
          },
        };
      },
    });
    const onEvent = (event: Event) => {
      if (event.kind === 'stage-started') isVerifying = event.stage === 'verify';
    };
    const { tag } = all();
    const { outcome } = await pushTo(target, { tag }, { around, onEvent });
    expect(outcome.status).toBe('applied');
    // One question each opens them; the pages come after it.
    const busy = questions.slice(0, 2).filter((count) => count > 1);
    expect(busy).toHaveLength(used);
  });
});

describe('a live terminal: Ctrl-C is answered in the middle of every stage', () => {
  test.each(['build', 'pull', 'plan', 'stage', 'verify'] as const)('%s', async (stage) => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const tables = all();
    // Some of a table is there already, so that there is something to pull and to compare as well.
    await pushTo(target, { ...tables, home: tables.home.slice(0, 1_000) });
    const stop = new AbortController();
    const seen: string[] = [];
    const onEvent = (event: Event) => {
      if (event.kind === 'stage-started' && event.stage === stage) setTimeout(() => stop.abort(), 10);
      if (event.kind === 'stage-started' || event.kind === 'stage-finished')
        seen.push(`${event.stage} ${event.kind === 'stage-started' ? 'started' : 'finished'}`);
    };
    const outcome = pushTo(target, tables, { signal: stop.signal, onEvent });
    await expect(outcome).rejects.toThrow();
    expect(seen).toContain(`${stage} started`);
    // Work that held up the thread would have come to its end before the timer.
    expect(seen).not.toContain(`${stage} finished`);
  });
});
