/** A full-text index over a table that changes: it is in step afterwards, and what that takes is known before. */
import { expect, test } from 'vitest';
import { type PlainRow, pushTo, remoteTarget } from '../support/engine.ts';

const posts = (word: string): PlainRow[] =>
  Array.from({ length: 12_000 }, (_, id) => ({
    id: BigInt(id),
    body: id === 77 ? word : `post ${id} ${'about the sea and the hill '.repeat(18)}`,
  }));

test.each([undefined, 'delta', 'swap'] as const)('strategy %s', async (strategy) => {
  await using target = await remoteTarget();
  await target.run(
    'CREATE TABLE post (id INTEGER PRIMARY KEY, body TEXT)',
    "CREATE VIRTUAL TABLE search USING fts5(body, content='post', content_rowid='id')",
  );
  await pushTo(target, { post: posts('before') });
  const { outcome } = await pushTo(target, { post: posts('goat') }, strategy ? { strategy } : {});
  expect(outcome).toMatchObject({ status: 'applied', plan: { tables: [{ updates: 1 }] } });
  expect(outcome.plan.apply.why).toMatch(
    /; under the lock the search index search is rebuilt, roughly 0\.\d s$/,
  );
  expect(await target.rows("SELECT rowid FROM search('goat')")).toEqual([[77n]]);
  expect(await target.rows("SELECT rowid FROM search('before')")).toEqual([]);
});
