/**
 * How long others wait: `node bench/lock.ts [rows] [indexes] [search]`, 1 000 000 rows and 3 indexes by default; `search`
 * adds a full-text index over two columns, with its triggers.
 *
 * While every row of a table is replaced on a real server on loopback, another program writes to another table, some
 * fifty rows a second. What counts is the longest time that one of its writes took, and whether the push gets
 * done at all: a server takes the lock from a transaction that is older than five seconds when somebody waits for it.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startSqld } from '../packages/local-cloud/src/index.ts';
import { openHranaTarget } from '../packages/overseed/src/target/hrana/open.ts';
import { buildPackage } from './built.ts';
import { COLUMNS } from './homes.ts';
import type { PushReport, PushTask } from './push-once.ts';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const INDEXED = ['day', 'title', 'price', 'body', 'lat'].slice(0, Number(process.argv[3] ?? 3));
const SEARCH = [
  "CREATE VIRTUAL TABLE search USING fts5(title, body, content='homes')",
  'CREATE TRIGGER homes_ai AFTER INSERT ON homes BEGIN INSERT INTO search(rowid, title, body) VALUES (new.rowid, new.title, new.body); END',
  "CREATE TRIGGER homes_ad AFTER DELETE ON homes BEGIN INSERT INTO search(search, rowid, title, body) VALUES ('delete', old.rowid, old.title, old.body); END",
  `CREATE TRIGGER homes_au AFTER UPDATE ON homes BEGIN
     INSERT INTO search(search, rowid, title, body) VALUES ('delete', old.rowid, old.title, old.body);
     INSERT INTO search(rowid, title, body) VALUES (new.rowid, new.title, new.body); END`,
];
const HAS_SEARCH = process.argv[4] === 'search';

await buildPackage();
const server = await startSqld();
const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-bench-'));
const never = new AbortController().signal;
const open = () =>
  openHranaTarget({ url: server.url, token: server.token, variables: { url: 'URL', token: 'TOKEN' } });

async function pushOnce(changed: number, strategy?: PushTask['strategy']): Promise<PushReport> {
  const { url, token } = server;
  const task: PushTask = { url, token, folder, rows: ROWS, changed, ...(strategy ? { strategy } : {}) };
  const script = path.join(import.meta.dirname, 'push-once.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(task)]);
  return JSON.parse(stdout) as PushReport;
}

/** Writes now and then until it is told to stop. @returns the times its writes took, in ms */
async function writeNowAndThen(stopped: () => boolean): Promise<number[]> {
  await using target = open();
  const times: number[] = [];
  while (!stopped()) {
    const start = performance.now();
    // One that is turned away has waited all the same.
    await target.write([{ sql: 'INSERT INTO noise VALUES (1)' }], never).catch(() => undefined);
    times.push(performance.now() - start);
    await sleep(20);
  }
  return times;
}

async function measure(name: string, changed: number, strategy?: PushTask['strategy']): Promise<void> {
  let over = false;
  const writer = writeNowAndThen(() => over);
  const report = await pushOnce(changed, strategy).catch((error: { stderr?: string }) => error.stderr ?? '');
  over = true;
  const times = await writer;
  const longest = Math.max(...times) / 1_000;
  const result =
    typeof report === 'string'
      ? `failed: ${/what: '(.*?)'/.exec(report)?.[1] ?? report.slice(0, 300)}`
      : `${report.status} in ${report.seconds.toFixed(1)} s, peak ${report.peakMb} MB`;
  console.log(
    `${name.padEnd(24)} longest wait ${longest.toFixed(1).padStart(5)} s of ${times.length} writes; ${result}`,
  );
}

try {
  console.log(`${ROWS.toLocaleString('en')} rows, ${INDEXED.length} indexes, sqld on loopback\n`);
  await using setup = open();
  const indexes = INDEXED.map((column) => ({ sql: `CREATE INDEX homes_${column} ON homes(${column})` }));
  const search = HAS_SEARCH ? SEARCH : [];
  const tables = [`CREATE TABLE homes (${COLUMNS})`, 'CREATE TABLE noise (n INTEGER)', ...search];
  await setup.write([...tables.map((sql) => ({ sql })), ...indexes], never);
  await measure('into an empty table', 0);
  // A server may stand still when an index takes so long that somebody is let wait for five seconds.
  const isSmall = ROWS <= 1_500_000 && !HAS_SEARCH;
  if (isSmall) await measure('indexes inside the batch', ROWS, 'swap');
  await measure('what the plan chooses', isSmall ? 0 : ROWS);
  await measure('1 000 rows changed', isSmall ? 1_000 : ROWS - 1_000);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
