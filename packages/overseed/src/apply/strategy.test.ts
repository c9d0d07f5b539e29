import { describe, expect, test } from 'vitest';
import type { TablePlan } from '../model/plan.ts';
import type { Table } from '../model/schema.ts';
import { chooseStrategy, slowRebuild } from './strategy.ts';

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
  sql: '',
  indexSql: [],
  triggers: [],
};

function choose(changed: number, { bytes = 0, textBytes = 0 } = {}) {
  const plan: TablePlan = {
    table: 'post',
    inserts: 0,
    updates: changed,
    deletes: 0,
    unchanged: 1_000_000 - changed,
    rowsBefore: 1_000_000,
    rowsAfter: 1_000_000,
    changedColumns: [],
  };
  const rebuilds = textBytes > 0 ? [{ name: 'post_search', rows: 1_000_000, textBytes }] : [];
  return chooseStrategy({ plans: [plan], tables: [table], changedBytes: () => bytes, rebuilds });
}

describe('the way that rows come', () => {
  test('few changes travel inside the batch, unless there is much in them', () => {
    expect(choose(100).tables).toEqual(['inline']);
    expect(choose(100, { bytes: 8_000_000 }).tables).toEqual(['inline']);
    expect(choose(100, { bytes: 8_000_001 }).tables).toEqual(['delta']);
  });

  test('what a search index takes of the lock is not there for the rows', () => {
    expect(choose(200_000).tables).toEqual(['delta']);
    expect(choose(200_000, { textBytes: 200_000_000 }).tables).toEqual(['swap']);
  });

  test('a rebuild that takes long is said, and how long', () => {
    expect(choose(100).why).toBe('few enough changes for one request');
    expect(choose(100, { textBytes: 200_000_000 }).why).toBe(
      'few enough changes for one request; under the lock the search index post_search is rebuilt, roughly 6.4 s',
    );
  });

  test('one that takes longer than a server leaves the lock to anybody is a warning', () => {
    expect(slowRebuild([{ name: 'post_search', rows: 10_000, textBytes: 1_000_000 }])).toBeUndefined();
    expect(slowRebuild([{ name: 'post_search', rows: 1_000_000, textBytes: 200_000_000 }])).toMatch(
      /^The search index post_search is rebuilt while other writers wait, roughly 6 s\. /,
    );
  });
});
