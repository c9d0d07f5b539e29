import { describe, expect, test } from 'vitest';
import type { TablePlan } from '../model/plan.ts';
import type { Table } from '../model/schema.ts';
import { renewalsOf } from './search-index-strategy.ts';
import { chooseStrategy, longLocks } from './strategy.ts';

const table: Table = {
  name: 'post',
  columns: ['id', 'title', 'body'].map((name) => ({
    name,
    type: 'TEXT',
    notNull: false,
    default: null,
    generated: undefined,
  })),
  key: ['id'],
  keyIndex: undefined,
  withoutRowid: false,
  uniqueIndexes: [],
  foreignKeys: [],
  sql: 'CREATE TABLE post (id TEXT PRIMARY KEY, title TEXT, body TEXT)',
  indexes: [],
  triggers: [],
};

interface Case {
  readonly rows?: number;
  readonly indexes?: number;
  readonly bytes?: number;
  readonly textBytes?: number;
  readonly canFollow?: boolean;
  readonly canBeAside?: boolean;
}

/** What the engine is asked when `changed` rows of a table have changed. */
function inputFor(
  changed: number,
  {
    rows = 1_000_000,
    indexes = 0,
    bytes = 0,
    textBytes = 0,
    canFollow = false,
    canBeAside = false,
  }: Case = {},
) {
  const plan: TablePlan = {
    table: 'post',
    inserts: 0,
    updates: changed,
    deletes: 0,
    unchanged: rows - changed,
    rowsBefore: rows,
    rowsAfter: rows,
    changedColumns: [],
  };
  const names = Array.from({ length: indexes }, (_, index) => ({
    name: `post_${index}`,
    sql: `CREATE INDEX post_${index} ON post(title)`,
  }));
  const index = { name: 'post_search', tables: ['post'], entries: undefined };
  const sized = { index, rows, textBytes, changes: changed, canFollow, canBeAside };
  const rebuilds = textBytes > 0 ? [sized] : [];
  return {
    kind: 'remote' as const,
    plans: [plan],
    tables: [{ ...table, indexes: names }],
    changedBytes: () => bytes,
    rebuilds,
  };
}

function choose(changed: number, options?: Case) {
  return chooseStrategy(inputFor(changed, options));
}

function warnings(changed: number, options?: Case) {
  const input = inputFor(changed, options);
  const strategies = choose(changed, options).tables;
  const renewals = renewalsOf(input.rebuilds, input.tables, strategies, false);
  return longLocks({ ...input, renewals, strategies });
}

describe('the way that rows come', () => {
  test('few changes travel inside the batch, unless there is much in them', () => {
    expect(choose(100).tables).toEqual(['inline']);
    expect(choose(100, { bytes: 8_000_000 }).tables).toEqual(['inline']);
    expect(choose(100, { bytes: 8_000_001 }).tables).toEqual(['delta']);
  });

  test('a whole table takes its indexes along, built beforehand where the batch would take too long over them', () => {
    expect(choose(900_000, { rows: 1_000_000 }).tables).toEqual(['swap']);
    expect(choose(300_000, { rows: 300_000, indexes: 3 }).tables).toEqual(['swap']);
    expect(choose(1_000_000, { indexes: 3 })).toEqual({
      tables: ['swap-indexed'],
      // Each row, its key and its three indexes; and three stand-ins on the old table.
      estimatedRowsWritten: 8_000_000,
      why: 'post replaced whole, the indexes of post built beforehand, so that the lock is held briefly',
    });
  });

  test('an index that takes too long in one piece grows with its rows, but not without a rowid to count them off', () => {
    const input = inputFor(5_000_000, { rows: 5_000_000, indexes: 2 });
    expect(chooseStrategy(input)).toMatchObject({
      tables: ['swap-gradual'],
      // Each row, its key and its two indexes, for the copy of the old table and for the new one.
      estimatedRowsWritten: 40_000_000,
    });
    expect(chooseStrategy({ ...input, kind: 'file' }).tables).toEqual(['swap-indexed']);
    const withoutRowid = { ...input, tables: input.tables.map((each) => ({ ...each, withoutRowid: true })) };
    expect(chooseStrategy(withoutRowid).tables).toEqual(['swap-indexed']);
    // Nothing to copy: only the new table is large.
    const fresh = { ...input, plans: input.plans.map((plan) => ({ ...plan, rowsBefore: 0 })) };
    expect(chooseStrategy(fresh)).toMatchObject({
      tables: ['swap-gradual'],
      estimatedRowsWritten: 20_000_000,
    });
  });

  test('for an old table that is far larger than the new one, stand-ins are not worth it', () => {
    const input = inputFor(1_000_000, { indexes: 2 });
    const larger = { ...input, plans: input.plans.map((plan) => ({ ...plan, rowsBefore: 6_000_000 })) };
    expect(chooseStrategy(larger).tables).toEqual(['swap']);
    const vector = input.tables.map((each) => ({
      ...each,
      indexes: [{ name: 'v', sql: 'CREATE INDEX v ON post(libsql_vector_idx(body))' }, ...each.indexes],
    }));
    expect(chooseStrategy({ ...input, tables: vector }).tables).toEqual(['swap']);
  });

  test('what a search index takes of the lock is not there for the rows', () => {
    expect(choose(200_000).tables).toEqual(['delta']);
    expect(choose(200_000, { textBytes: 200_000_000 }).tables).toEqual(['swap']);
    expect(choose(200_000, { indexes: 1, textBytes: 200_000_000 }).tables).toEqual(['swap-indexed']);
  });

  test('a rebuild that takes long is said, and how long', () => {
    expect(choose(100).why).toBe('few enough changes for one request');
    expect(choose(100, { textBytes: 200_000_000 }).why).toBe(
      'few enough changes for one request; under the lock the search index post_search is rebuilt, roughly 6.4 s',
    );
  });

  test('a large search index is told of few changes, and built beforehand for many', () => {
    const large = { textBytes: 200_000_000, canFollow: true, canBeAside: true };
    expect(choose(100, large)).toMatchObject({
      tables: ['inline'],
      why: 'few enough changes for one request; the search index post_search is told of each changed row',
    });
    expect(choose(900_000, large)).toMatchObject({
      tables: ['swap'],
      why: 'post replaced whole, so that the lock is held briefly; the search index post_search is built beforehand',
    });
    expect(choose(60_000, large).tables).toEqual(['swap']);
    expect(warnings(100, large)).toEqual([]);
    expect(warnings(900_000, large)).toEqual([]);
  });

  test('where it cannot be told of single rows, the table is replaced, lest a server stand still', () => {
    expect(choose(100, { textBytes: 200_000_000, canBeAside: true }).tables).toEqual(['swap']);
    expect(choose(100, { textBytes: 20_000_000, canBeAside: true }).tables).toEqual(['inline']);
  });

  test('whatever takes longer than a server leaves the lock to anybody is a warning', () => {
    expect(warnings(100, { rows: 10_000, textBytes: 1_000_000 })).toEqual([]);
    expect(warnings(100, { textBytes: 200_000_000 })).toEqual([
      expect.stringMatching(
        /^The search index post_search is rebuilt while other writers wait, roughly 6 s\. /,
      ),
    ]);
    expect(warnings(1_000_000, { indexes: 4 })).toEqual([]);
    expect(warnings(5_000_000, { rows: 5_000_000, indexes: 2 })).toEqual([]);
    const { plans, tables } = inputFor(5_000_000, { rows: 5_000_000, indexes: 2 });
    const strategies = ['swap-indexed'] as const;
    expect(longLocks({ plans, tables, renewals: [], strategies })).toEqual([
      'Each index of post is built while other writers wait, roughly 9 s. A server that has let somebody wait for 5 s may not let it end, and stand still: push when nobody else writes.',
    ]);
  });
});
