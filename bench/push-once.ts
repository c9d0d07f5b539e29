/** One push in a process of its own, as a command is: prints what it took as JSON. Started by `engine.ts` and `lock.ts`. */
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openFolderStore } from '../packages/overseed/dist/assets/folder/open.js';
import type { Event } from '../packages/overseed/dist/model/event.js';
import { startRun } from '../packages/overseed/dist/model/run.js';
import { type Parts, push } from '../packages/overseed/dist/push.js';
import type { Source, SourceRow } from '../packages/overseed/dist/source/source.js';
import { sqliteFileSource } from '../packages/overseed/dist/source/sqlite-file.js';
import { LocalDatabase } from '../packages/overseed/dist/sqlite/local-database.js';
import { openHranaTarget } from '../packages/overseed/dist/target/hrana/open.js';
import { readSchema } from '../packages/overseed/dist/target/read-schema.js';
import { keepHeapLean } from '../packages/overseed/dist/util/lean-heap.js';
import { NAMES, rows } from './homes.ts';

export interface PushTask {
  readonly url: string;
  readonly token: string;
  readonly folder: string;
  readonly rows: number;
  readonly changed: number;
  /** Whether the rows come from an SQLite file, and the target's last state may be kept. */
  readonly sqlite?: string;
  /** Instead of what the plan chooses. */
  readonly strategy?: NonNullable<Parts['strategy']>;
}

export interface PushReport {
  readonly seconds: number;
  readonly stages: Record<string, number>;
  readonly peakMb: number;
  readonly longestPauseMs: number;
  readonly status: string;
  readonly rowsWritten: number;
}

keepHeapLean();
const task = JSON.parse(process.argv[2] ?? '{}') as PushTask;
const never = new AbortController().signal;
await using target = openHranaTarget({
  url: task.url,
  token: task.token,
  variables: { url: 'URL', token: 'TOKEN' },
});

function generated(): Source {
  function* mapped(): Generator<SourceRow> {
    for (const row of rows(task.rows, task.changed))
      yield { values: new Map(NAMES.map((name, i) => [name, row[i] ?? null])), problems: [] };
  }
  return { label: 'the benchmark', tables: [{ name: 'homes', columns: undefined, rows: mapped }] };
}

async function fromFile(file: string): Promise<Source> {
  const { tables } = await readSchema(target, never);
  return sqliteFileSource(
    file,
    new LocalDatabase(file),
    [...tables.values()].filter(({ name }) => name === 'homes'),
  );
}

const stages: Record<string, number> = {};
const emit = (event: Event) => {
  if (event.kind === 'stage-finished') stages[event.stage] = event.ms / 1_000;
};
let peak = 0;
const sampler = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 50);
const pauses = monitorEventLoopDelay({ resolution: 10 });
pauses.enable();
const start = performance.now();
const outcome = await push(
  {
    source: task.sqlite ? await fromFile(task.sqlite) : generated(),
    target,
    assetStore: openFolderStore({ folder: '', label: '', baseUrl: '', prefix: '' }),
    assetColumns: {},
    backups: path.join(task.folder, 'backups'),
    states: task.sqlite ? path.join(task.folder, 'state') : undefined,
    howToMigrate: '',
    ...(task.strategy ? { strategy: task.strategy } : {}),
  },
  'overwrite',
  startRun({ signal: never, emit }),
);
const seconds = (performance.now() - start) / 1_000;
clearInterval(sampler);
console.log(
  JSON.stringify({
    seconds,
    stages,
    peakMb: Math.round(Math.max(peak, process.resourceUsage().maxRSS * 1_024) / 1e6),
    longestPauseMs: Math.round(pauses.max / 1e6),
    status: outcome.status,
    rowsWritten: outcome.status === 'applied' ? outcome.rowsWritten : 0,
  } satisfies PushReport),
);
