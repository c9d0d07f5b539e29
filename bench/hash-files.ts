/**
 * Many small media files: `node bench/hash-files.ts [files]`, 100 000 by default. Makes them in a temporary folder, then, in one
 * run on the same files,
 * - `openssl dgst -sha256` in as few processes as the command line allows;
 * - ours: measuring alone, and a whole plan (every file looked for, hashed twice, looked into, named; every row built, pulled
 *   and compared) in a process of its own, whose memory and open files are watched from outside.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFolderStore } from '../packages/overseed/src/assets/folder/open.ts';
import { Measurer } from '../packages/overseed/src/assets/measurer.ts';
import { startRun } from '../packages/overseed/src/model/run.ts';
import type { SqlValue } from '../packages/overseed/src/model/value.ts';
import { plan } from '../packages/overseed/src/push.ts';
import type { SourceRow } from '../packages/overseed/src/source/source.ts';
import { LocalDatabase } from '../packages/overseed/src/sqlite/local-database.ts';
import { openFileTarget } from '../packages/overseed/src/target/file/open.ts';
import { keepHeapLean } from '../packages/overseed/src/util/lean-heap.ts';

const FILES = Number(process.argv[2] ?? 100_000);
const FOLDERS = 100;
const ROUNDS = 3;

const nameOf = (index: number) => `folder-${index % FOLDERS}/picture-${index}.png`;

/** From 1 to 17 kB, 9 on average: thumbnails. Each is a PNG whose pixels are other ones, and which is never decoded. */
function makeFiles(root: string): number {
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const header = chunk('IHDR', Buffer.from([0, 0, 0, 160, 0, 0, 0, 120, 8, 2, 0, 0, 0]));
  const end = chunk('IEND', Buffer.alloc(0));
  for (let folder = 0; folder < FOLDERS; folder++)
    mkdirSync(path.join(root, `folder-${folder}`), { recursive: true });
  let bytes = 0;
  for (let index = 0; index < FILES; index++) {
    const pixels = Buffer.alloc(1_000 + ((index * 7_919) % 16_000), index & 255);
    pixels.writeUInt32LE(index);
    const file = Buffer.concat([signature, header, chunk('IDAT', pixels), end]);
    writeFileSync(path.join(root, nameOf(index)), file);
    bytes += file.byteLength;
  }
  return bytes;
}

function chunk(type: string, data: Buffer): Buffer {
  const frame = Buffer.alloc(12 + data.byteLength);
  frame.writeUInt32BE(data.byteLength);
  frame.write(type, 4, 'latin1');
  data.copy(frame, 8);
  return frame;
}

/** Seconds of `openssl` over all files. */
async function openssl(root: string): Promise<number> {
  const start = performance.now();
  await run(
    'sh',
    ['-c', 'find . -type f -print0 | xargs -0 -n 50000 openssl dgst -sha256 > /dev/null'],
    root,
  );
  return (performance.now() - start) / 1_000;
}

function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))));
  });
}

interface Watched {
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly mostOpenFiles: number;
  readonly mostOpenMedia: number;
}

/** Runs one of our jobs in a fresh process, and watches it from outside. */
function watch(job: string, root: string, database: string): Promise<Watched> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(import.meta.url), String(FILES), job, root, database],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let mostOpenFiles = 0;
  let mostOpenMedia = 0;
  const sampler = setInterval(() => {
    const open = openFiles(child.pid ?? 0);
    mostOpenFiles = Math.max(mostOpenFiles, open.length);
    mostOpenMedia = Math.max(mostOpenMedia, open.filter((file) => file.startsWith(root)).length);
  }, 5);
  let output = '';
  child.stdout.on('data', (text) => {
    output += String(text);
  });
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => {
      clearInterval(sampler);
      if (code !== 0) return reject(new Error(`${job} ended with ${code}`));
      const told = JSON.parse(output) as { seconds: number; peakMegabytes: number };
      return resolve({ ...told, mostOpenFiles, mostOpenMedia });
    });
  });
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((descriptor) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      } catch {
        return ''; // Closed meanwhile.
      }
    });
  } catch {
    return []; // Not started yet, or over.
  }
}

/** The most memory that this process ever had, as the kernel counts it. */
function peakMegabytes(): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) / 1_000;
}

async function measureAll(root: string): Promise<void> {
  using measurer = new Measurer();
  for (let start = 0; start < FILES; start += 64) {
    const group = Array.from({ length: Math.min(64, FILES - start) }, (_, index) => nameOf(start + index));
    await Promise.all(group.map((name) => measurer.measure(root, name)));
  }
}

async function planAll(root: string, database: string): Promise<void> {
  await using target = openFileTarget({ file: database, label: 'bench.db' });
  function* rows(): Generator<SourceRow> {
    for (let index = 0; index < FILES; index++) {
      const values = new Map<string, SqlValue>([
        ['id', BigInt(index)],
        ['photo', nameOf(index)],
      ]);
      yield { values, problems: [] };
    }
  }
  const outcome = await plan(
    {
      source: { label: 'the benchmark', tables: [{ name: 'home', columns: undefined, rows }] },
      target,
      assetStore: openFolderStore({
        folder: path.join(root, '..', 'media'),
        label: 'media',
        baseUrl: '/media',
        prefix: '',
      }),
      assetColumns: {
        home: [{ root, cache: path.join(root, '..', 'cache'), path: 'photo', url: 'url', publicId: 'pid' }],
      },
      backups: undefined,
      howToMigrate: '',
    },
    startRun({ signal: new AbortController().signal, emit: () => undefined }),
  );
  if (outcome.plan.uploads.length !== FILES)
    throw new Error(`${outcome.plan.uploads.length} uploads planned`);
}

const [, , , job, root = '', database = ''] = process.argv;
if (job) {
  keepHeapLean(); // As commands do.
  const start = performance.now();
  await (job === 'measure' ? measureAll(root) : planAll(root, database));
  const seconds = (performance.now() - start) / 1_000;
  console.log(JSON.stringify({ seconds, peakMegabytes: peakMegabytes() }));
} else {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-bench-'));
  try {
    const files = path.join(folder, 'files');
    const bytes = makeFiles(files);
    const schema = new LocalDatabase(path.join(folder, 'bench.db'));
    schema.exec('CREATE TABLE home (id INTEGER PRIMARY KEY, photo TEXT, url TEXT, pid TEXT)');
    schema.close();
    console.log(
      `${FILES.toLocaleString('en')} files, ${Math.round(bytes / 1e6)} MB, Node ${process.versions.node}, ${os.cpus().length} cores, best of ${ROUNDS}\n`,
    );
    const best = { openssl: Infinity, measure: Infinity, plan: Infinity };
    await openssl(files); // Once unmeasured: the files are in memory from now on, for everybody.
    for (let round = 0; round < ROUNDS; round++) {
      best.openssl = Math.min(best.openssl, await openssl(files));
      for (const name of ['measure', 'plan'] as const) {
        const {
          seconds,
          peakMegabytes: peak,
          mostOpenFiles,
          mostOpenMedia,
        } = await watch(name, files, path.join(folder, 'bench.db'));
        best[name] = Math.min(best[name], seconds);
        console.log(
          `${name.padEnd(8)} ${seconds.toFixed(2)} s  peak ${Math.round(peak)} MB  at most ${mostOpenMedia} media files open, ${mostOpenFiles} of any kind`,
        );
      }
    }
    const line = (name: string, seconds: number) =>
      console.log(
        `  ${name.padEnd(24)}${seconds.toFixed(2)} s  ${Math.round(FILES / seconds)} files/s  ${(best.openssl / seconds).toFixed(2)} of openssl`,
      );
    console.log('\nRates');
    line('openssl dgst -sha256', best.openssl);
    line('measuring', best.measure);
    line('planning, measuring too', best.plan);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
