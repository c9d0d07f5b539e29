/** A full-text index over a table that changes: it is in step afterwards, and what that takes is known before. */
import { expect, test } from 'vitest';
import {
  beforeApply,
  failureOf,
  type PlainRow,
  pushTo,
  type RemoteTarget,
  remoteTarget,
} from '../support/engine.ts';

const posts = (rows: number, word: string): PlainRow[] =>
  Array.from({ length: rows }, (_, id) => ({
    id: BigInt(id),
    body: id === 77 ? word : `post ${id} ${'about the sea and the hill '.repeat(18)}`,
  }));

const INDEX = "CREATE VIRTUAL TABLE search USING fts5(body, content='post', content_rowid='id')";
const FED = [
  'CREATE TRIGGER post_ai AFTER INSERT ON post BEGIN INSERT INTO search(rowid, body) VALUES (new.id, new.body); END',
  "CREATE TRIGGER post_ad AFTER DELETE ON post BEGIN INSERT INTO search(search, rowid, body) VALUES ('delete', old.id, old.body); END",
  `CREATE TRIGGER post_au AFTER UPDATE ON post BEGIN
     INSERT INTO search(search, rowid, body) VALUES ('delete', old.id, old.body);
     INSERT INTO search(rowid, body) VALUES (new.id, new.body); END`,
];
const IN_STEP = "INSERT INTO search(search, rank) VALUES ('integrity-check', 1)";

async function found(target: RemoteTarget, word: string): Promise<unknown[]> {
  const rows = await target.rows(`SELECT rowid FROM search('${word}') ORDER BY rowid`);
  return rows.map(([id]) => id);
}

test('a small index is rebuilt in the batch, and that is said', async () => {
  await using target = await remoteTarget();
  await target.run('CREATE TABLE post (id INTEGER PRIMARY KEY, body TEXT)', INDEX);
  await pushTo(target, { post: posts(12_000, 'before') });
  const { outcome } = await pushTo(target, { post: posts(12_000, 'goat') });
  expect(outcome).toMatchObject({ status: 'applied', plan: { tables: [{ updates: 1 }] } });
  expect(outcome.plan.apply.why).toMatch(
    /; under the lock the search index search is rebuilt, roughly 0\.\d s$/,
  );
  expect(await found(target, 'goat')).toEqual([77n]);
  expect(await found(target, 'before')).toEqual([]);
  await target.run(IN_STEP);
});

test('a large one that triggers keep in step is told of few changes, and built beforehand for many', async () => {
  await using target = await remoteTarget();
  await target.run('CREATE TABLE post (id INTEGER PRIMARY KEY, body TEXT)', INDEX, ...FED);
  const first = await pushTo(target, { post: posts(45_000, 'before') });
  expect(first.outcome.plan.apply.why).toMatch(/; the search index search is built beforehand$/);
  expect(await found(target, 'before')).toEqual([77n]);

  const few = await pushTo(target, { post: posts(45_000, 'goat') });
  expect(few.outcome.plan.apply.why).toMatch(/; the search index search is told of each changed row$/);
  expect(await found(target, 'goat')).toEqual([77n]);
  expect(await found(target, 'before')).toEqual([]);
  await target.run(IN_STEP);
  // Its triggers are there again, and feed the index that took the other's place.
  await target.run("INSERT INTO post VALUES (900000, 'a later goat')");
  expect(await found(target, 'goat')).toEqual([77n, 900_000n]);
  await target.run(IN_STEP);
});

const WAYS = [
  ['inline', 'is told of each changed row'],
  ['delta', 'is told of each changed row'],
  ['swap', 'is built beforehand'],
  ['swap-indexed', 'is built beforehand'],
  ['swap-gradual', 'is built beforehand'],
] as const;

test.each(WAYS)(
  'by %s, the index %s: rows that come, change, go and give their place to others',
  async (strategy, how) => {
    await using target = await remoteTarget();
    await target.run(
      'CREATE TABLE post (id INTEGER PRIMARY KEY, slug TEXT UNIQUE, body TEXT)',
      'CREATE INDEX post_body ON post(body)',
      INDEX,
      ...FED,
      "INSERT INTO post VALUES (-5, 'a', 'goat'), (1, 'b', 'sea'), (2, 'c', NULL), (3, 'd', 'hill goat'), (9, 'e', 'gone goat')",
    );
    const post = [
      { id: -5n, slug: 'b', body: 'sea' },
      { id: 1n, slug: 'a', body: 'goat' },
      { id: 2n, slug: 'c', body: 'no longer empty' },
      { id: 3n, slug: 'd', body: null },
      { id: 4n, slug: 'f', body: 'a new goat' },
    ];
    const { outcome } = await pushTo(target, { post }, { strategy });
    expect(outcome.status).toBe('applied');
    expect(outcome.plan.apply.why).toContain(`the search index search ${how}`);
    expect(await found(target, 'goat')).toEqual([1n, 4n]);
    expect(await found(target, 'sea')).toEqual([-5n]);
    expect(await found(target, 'empty')).toEqual([2n]);
    await target.run(IN_STEP);
    expect(
      await target.rows("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%overseed_stage%'"),
    ).toEqual([[0n]]);
  },
);

test('an index that a run which died had begun is taken for ours, and removed', async () => {
  await using target = await remoteTarget();
  const name = '_overseed_stage_dead_0_search_search';
  await target.run(
    'CREATE TABLE post (id INTEGER PRIMARY KEY, body TEXT)',
    INDEX,
    `CREATE VIRTUAL TABLE "${name}" USING fts5(body, content='post', content_rowid='id')`,
    `INSERT INTO "${name}"(rowid, body) VALUES (1, 'half of it')`,
  );
  const { outcome } = await pushTo(target, { post: posts(100, 'goat') });
  expect(outcome.status).toBe('applied');
  expect(await target.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%overseed_stage%'")).toEqual([]);
  expect(await found(target, 'goat')).toEqual([77n]);
  await target.run(IN_STEP);
});

test('an index that somebody defines otherwise meanwhile is not replaced by the one that was built', async () => {
  await using target = await remoteTarget();
  await target.run(
    'CREATE TABLE post (id INTEGER PRIMARY KEY, body TEXT)',
    INDEX,
    "INSERT INTO post VALUES (1, 'x')",
  );
  const push = pushTo(
    target,
    { post: posts(100, 'goat') },
    {
      strategy: 'swap',
      around: beforeApply(() =>
        target.run(
          'DROP TABLE IF EXISTS search',
          "CREATE VIRTUAL TABLE search USING fts5(body, content='post', content_rowid='id', prefix='2')",
        ),
      ),
    },
  );
  expect(await failureOf(push)).toMatchObject({ code: 'TARGET_MOVED', state: 'old' });
  expect(await target.rows('SELECT body FROM post')).toEqual([['x']]);
  await pushTo(target, { post: posts(100, 'goat') }, { strategy: 'swap' });
  expect(await target.rows("SELECT sql LIKE '%prefix=%' FROM sqlite_schema WHERE name='search'")).toEqual([
    [1n],
  ]);
  expect(await found(target, 'goat')).toEqual([77n]);
  await target.run(IN_STEP);
});
