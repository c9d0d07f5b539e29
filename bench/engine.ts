/**
 * The engine at size, against a real server on loopback: `node bench/engine.ts [rows]`, 1 000 000 by default.
 *
 * Times of one machine say little; what counts are the ratios, taken in one run on the same server:
 * - staging against a bare `json_each` load of the same rows, which carries REALs inexactly;
 * - staging against `@libsql/client` with one row a statement, on a sample.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient } from '@libsql/client';
import { startSqld } from '../packages/local-cloud/src/index.ts';
import { openFolderStore } from '../packages/overseed/src/assets/folder/open.ts';
import type { Event } from '../packages/overseed/src/model/event.ts';
import { startRun } from '../packages/overseed/src/model/run.ts';
import type { SqlValue } from '../packages/overseed/src/model/value.ts';
import { push } from '../packages/overseed/src/push.ts';
import type { Source, SourceRow } from '../packages/overseed/src/source/source.ts';
import { openHranaTarget } from '../packages/overseed/src/target/hrana/open.ts';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const COLUMNS =
  'id TEXT PRIMARY KEY, title TEXT NOT NULL, price REAL, rooms INTEGER, body TEXT, lat REAL, lng REAL, day TEXT';
const NAMES = ['id', 'title', 'price', 'rooms', 'body', 'lat', 'lng', 'day'] as const;

/** About 200 bytes a row; `changed` rows have another price. */
function* rows(changed: number): Generator<SqlValue[]> {
  for (let i = 0; i < ROWS; i++) {
    const hash = ((i * 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
    yield [
      `${hash}-0000-4000-8000-${String(i).padStart(12, '0')}`,
      `Casa ${i} con jardín y vistas`,
      ((i * 37) % 1_000_000) / 100 + (i < changed ? 0.5 : 0),
      BigInt(i % 9),
      'x'.repeat(44),
      36 + ((i * 7_919) % 1_000_000) / 1e6,
      -5 + ((i * 104_729) % 1_000_000) / 1e6,
      `2026-01-${String((i % 28) + 1).padStart(2, '0')}`,
    ];
  }
}

function source(changed: number): Source {
  function* mapped(): Generator<SourceRow> {
    for (const row of rows(changed))
      yield { values: new Map(NAMES.map((name, i) => [name, row[i] ?? null])), problems: [] };
  }
  return { label: 'the benchmark', tables: [{ name: 'homes', columns: undefined, rows: mapped }] };
}

const server = await startSqld();
const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-bench-'));
const never = new AbortController().signal;
const open = () =>
  openHranaTarget({ url: server.url, token: server.token, variables: { url: 'URL', token: 'TOKEN' } });

async function pushOnce(name: string, changed: number): Promise<Map<string, number>> {
  await using target = open();
  const stages = new Map<string, number>();
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  const emit = (event: Event) => {
    if (event.kind === 'stage-finished') stages.set(event.stage, event.ms / 1_000);
  };
  const start = performance.now();
  const outcome = await push(
    {
      source: source(changed),
      target,
      assetStore: openFolderStore({ folder: '', label: '', baseUrl: '', prefix: '' }),
      assetColumns: {},
      backups: path.join(folder, 'backups'),
      howToMigrate: '',
    },
    'overwrite',
    startRun({ signal: never, emit }),
  );
  clearInterval(sampler);
  const seconds = (performance.now() - start) / 1_000;
  const parts = [...stages].map(([stage, time]) => `${stage} ${time.toFixed(1)}`).join('  ');
  const written =
    outcome.status === 'applied' ? `${outcome.rowsWritten} written by the batch` : 'nothing written';
  console.log(
    `${name.padEnd(22)} ${seconds.toFixed(1).padStart(6)} s  peak ${Math.round(peak / 1e6)} MB  ${outcome.status}, ${written}`,
  );
  console.log(`  ${parts}`);
  return stages.set('total', seconds);
}

/** Rows a second of a load that knows nothing of exactness: plain JSON, 10 000 rows a statement. */
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
  // In the order of the key, as staging does it.
  const sorted = [...rows(0)].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  const start = performance.now();
  for (const row of sorted) {
    chunk.push(row.map((value) => (typeof value === 'bigint' ? Number(value) : value)));
    if (chunk.length === 10_000) await send();
  }
  if (chunk.length > 0) await send();
  const rate = ROWS / ((performance.now() - start) / 1_000);
  await target.write([{ sql: 'DROP TABLE bare' }], never);
  return rate;
}

/** Rows a second of `batch()` with one row a statement, on a sample. */
async function clientBatch(sample = Math.min(ROWS, 50_000)): Promise<number> {
  const client = createClient({ url: server.url, authToken: server.token });
  await client.execute(`CREATE TABLE sample (${COLUMNS})`);
  const sql = `INSERT INTO sample VALUES (${NAMES.map(() => '?').join(',')})`;
  let sent = 0;
  let chunk: { sql: string; args: (string | number | bigint)[] }[] = [];
  const start = performance.now();
  for (const row of rows(0)) {
    chunk.push({ sql, args: row as (string | number | bigint)[] });
    if (chunk.length === 5_000) {
      await client.batch(chunk, 'write');
      chunk = [];
    }
    if (++sent === sample) break;
  }
  if (chunk.length > 0) await client.batch(chunk, 'write');
  const rate = sample / ((performance.now() - start) / 1_000);
  await client.execute('DROP TABLE sample');
  client.close();
  return rate;
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
  const few = await pushOnce('1 000 rows changed', 1_000);
  const all = await pushOnce('all rows changed', ROWS);
  const staging = ROWS / (full.get('stage') ?? Number.NaN);
  const bare = await bareLoad();
  const client = await clientBatch();
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  console.log('\nRatios');
  console.log(
    `  staging / bare json_each load         ${ratio(staging, bare)}   (${Math.round(staging)} / ${Math.round(bare)} rows/s)`,
  );
  console.log(
    `  staging / @libsql/client batch()      ${ratio(staging, client)}   (${Math.round(staging)} / ${Math.round(client)} rows/s)`,
  );
  console.log(
    `  1 000 changed / all changed, time     ${ratio(few.get('total') ?? 0, all.get('total') ?? 1)}`,
  );
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
