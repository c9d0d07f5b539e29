/** Closes threads in the middle of their statements, as a stopped run does, and ends with 7 while one is still at work. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitProcess } from '../../packages/overseed/src/cli/exit.ts';
import { openApart } from '../../packages/overseed/src/sqlite/apart.ts';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import * as pagePrinter from '../../packages/overseed/src/verify/page-printer.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'overseed-test-'));
const file = path.join(folder, 'threads.db');
const column = { type: 'INTEGER', notNull: false, default: null, generated: undefined };
const table = {
  name: 't',
  columns: ['id', 'n'].map((name) => ({ ...column, name })),
  key: ['id'],
  keyIndex: undefined,
  withoutRowid: false,
  uniqueIndexes: [],
  foreignKeys: [],
  sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)',
  indexes: [],
  triggers: [],
};
using database = new LocalDatabase(file);
database.exec(table.sql);
database.exec(
  'WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM s WHERE n<20000) INSERT INTO t SELECT n, n FROM s',
);
const { signal } = new AbortController();
for (let turn = 0; turn < 15; turn++) {
  using printer = openApart(
    pagePrinter.open,
    pagePrinter.module,
    { file, tables: [table] },
    { heavy: true, signal },
  );
  await printer.call('page', 0, null);
  printer.call('page', 0, null).catch(() => undefined);
  await sleep(turn % 5);
}
rmSync(folder, { recursive: true });
process.stdout.write('closed\n');
await exitProcess(7);
