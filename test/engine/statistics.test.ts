/** A server that was given a file with the results of ANALYZE keeps them, however the rows come. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import { pushTo, remoteTarget } from '../support/engine.ts';

test.each(['inline', 'delta', 'swap', 'swap-indexed', 'swap-gradual'] as const)(
  'the statistics of a table stay what they were, %s',
  async (strategy) => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'overseed-test-'));
    try {
      // Where a server keeps its only database.
      const home = path.join(dataDir, 'dbs', 'default');
      await mkdir(home, { recursive: true });
      using database = new LocalDatabase(path.join(home, 'data'));
      database.exec('CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT); CREATE INDEX t_v ON t(v)');
      database.exec("INSERT INTO t VALUES ('a','x'), ('b','x'), ('c','y'); ANALYZE");
      database.close();
      await using target = await remoteTarget({ dataDir });
      const statistics = 'SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY idx';
      const before = await target.rows(statistics);
      expect(before).toHaveLength(2);
      const { outcome } = await pushTo(target, { t: [{ k: 'n', v: 'new' }] }, { strategy });
      expect(outcome).toMatchObject({ status: 'applied', plan: { apply: { tables: [strategy] } } });
      expect(await target.rows(statistics)).toEqual(before);
      expect(await target.rows('SELECT k FROM t')).toEqual([['n']]);
    } finally {
      await rm(dataDir, { recursive: true });
    }
  },
);
