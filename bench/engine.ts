/**
 * The engine at size, against a real server on loopback: `node bench/engine.ts [rows]`, 1 000 000 by default.
 *
 * Times of one machine say little; what counts are the ratios, taken in one run on the same server:
 * - the whole of a push against a bare `json_each` load of the same rows, which proves nothing and carries REALs inexactly;
 * - staging against that load, and against `@libsql/client` with one row a statement, both with the same rows.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '@libsql/client';
import { startSqld } from '../packages/local-cloud/src/index.ts';
import { LocalDatabase } from '../packages/overseed/src/sqlite/local-database.ts';
import { openHranaTarget } from '../packages/overseed/src/target/hrana/open.ts';
import { buildPackage } from './built.ts';
import { COLUMNS, NAMES, rows } from './homes.ts';
import type { PushReport, PushTask } from './push-once.ts';

const ROWS = Number(process.argv[2] ?? 1_000_000);
/** One row a statement is slow: at most so many are sent that way. */
const CLIENT_ROWS = Math.min(ROWS, 200_000);

await buildPackage();
const server = await startSqld();
const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-bench-'));
const never = new AbortController().signal;
const open = () =>
  openHranaTarget({ url: server.url, token: server.token, variables: { url: 'URL', token: 'TOKEN' } });

async function pushOnce(name: string, changed: number, sqlite?: string): Promise<PushReport> {
  const task: PushTask = {
    url: server.url,
    token: server.token,
    folder,
    rows: ROWS,
    changed,
    ...(sqlite ? { sqlite } : {}),
  };
  const script = path.join(import.meta.dirname, 'push-once.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(task)]);
  const report = JSON.parse(stdout) as PushReport;
  const { seconds, peakMb, longestPauseMs, status, rowsWritten } = report;
  console.log(
    `${name.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s  peak ${peakMb} MB  longest pause ${longestPauseMs} ms  ${status}, ${rowsWritten} rows written by the batch`,
  );
  const stages = Object.entries(report.stages).map(([stage, time]) => `${stage} ${time.toFixed(1)}`);
  console.log(`  ${stages.join('  ')}`);
  return report;
}

/** Seconds of a load that knows nothing of exactness: plain JSON, 10 000 rows a statement, in the order of the key. */
async function bareLoad(): Promise<number> {
  await using target = open();
  await target.write([{ sql: `CREATE TABLE bare (${COLUMNS})` }], never);
  let chunk: unknown[][] = [];
  const cells = NAMES.map((_, i) => `value->>${i}`).join(', ');
  const send = async () => {
    await target.write(
      [{ sql: `INSERT INTO bare SELECT ${cells} FROM json_each(?)`, args: [JSON.stringify(chunk)] }],
      never,
    );
    chunk = [];
  };
  const sorted = [...rows(ROWS, 0)].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  const start = performance.now();
  for (const row of sorted) {
    chunk.push(row.map((value) => (typeof value === 'bigint' ? Number(value) : value)));
    if (chunk.length === 10_000) await send();
  }
  if (chunk.length > 0) await send();
  const seconds = (performance.now() - start) / 1_000;
  await target.write([{ sql: 'DROP TABLE bare' }], never);
  return seconds;
}

/** Rows a second of `batch()` with one row a statement, in the order in which a source has them. */
async function clientBatch(): Promise<number> {
  const client = createClient({ url: server.url, authToken: server.token });
  await client.execute(`CREATE TABLE sample (${COLUMNS})`);
  const sql = `INSERT INTO sample VALUES (${NAMES.map(() => '?').join(',')})`;
  let chunk: { sql: string; args: (string | number | bigint)[] }[] = [];
  const start = performance.now();
  for (const row of rows(CLIENT_ROWS, 0)) {
    chunk.push({ sql, args: row as (string | number | bigint)[] });
    if (chunk.length === 5_000) {
      await client.batch(chunk, 'write');
      chunk = [];
    }
  }
  if (chunk.length > 0) await client.batch(chunk, 'write');
  const rate = CLIENT_ROWS / ((performance.now() - start) / 1_000);
  await client.execute('DROP TABLE sample');
  client.close();
  return rate;
}

function sqliteSource(changed: number): string {
  const file = path.join(folder, `source-${changed}.db`);
  using database = LocalDatabase.scratch(file);
  database.exec(`CREATE TABLE homes (${COLUMNS})`);
  const insert = database.prepare(`INSERT INTO homes VALUES (${NAMES.map(() => '?').join(',')})`);
  database.transaction(() => {
    for (const row of rows(ROWS, changed)) insert(row);
  });
  return file;
}

try {
  console.log(
    `${ROWS.toLocaleString('en')} rows of 8 columns, sqld on loopback, Node ${process.versions.node}, ${os.cpus().length} cores\n`,
  );
  const setup = open();
  await setup.write(
    [{ sql: `CREATE TABLE homes (${COLUMNS})` }, { sql: 'CREATE INDEX homes_day ON homes(day)' }],
    never,
  );
  const full = await pushOnce('into an empty table', 0);
  await pushOnce('unchanged', 0);
  const few = await pushOnce('1 000 changed, all pulled', 1_000);
  const all = await pushOnce('all rows changed', ROWS);
  await pushOnce('from SQLite, state kept', ROWS, sqliteSource(ROWS));
  const known = await pushOnce('from SQLite, 1 000 changed', ROWS - 1_000, sqliteSource(ROWS - 1_000));
  const bare = await bareLoad();
  const client = await clientBatch();
  const staging = ROWS / (full.stages.stage ?? Number.NaN);
  const line = (name: string, value: number, detail = '') =>
    console.log(`  ${name.padEnd(52)} ${value.toFixed(2).padStart(6)}  ${detail}`);
  console.log(`\nThis machine loads the same rows by bare json_each in ${bare.toFixed(1)} s. Ratios:`);
  line('whole push, all changed / bare load', all.seconds / bare, 'time');
  line('1 000 changed, all pulled / all changed', few.seconds / all.seconds, 'time');
  line('1 000 changed, SQLite, target unmoved / all changed', known.seconds / all.seconds, 'time');
  line('staging / bare load', (staging * bare) / ROWS, 'rate');
  line('staging / @libsql/client batch()', staging / client, `rate, the client with ${CLIENT_ROWS} rows`);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
