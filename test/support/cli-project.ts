/** A project in a folder of its own, and the real command as a user runs it there. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import { cleanEnvironment } from './site.ts';

const PACKAGE = path.resolve(import.meta.dirname, '../../packages/overseed');
const BIN = path.join(PACKAGE, 'bin/overseed.js');
const TIMEOUT_MS = 30_000;

export interface CliResult {
  /** 128 + the signal's number when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What stands on standard input; by default nothing, as in CI. */
  readonly input?: string;
  /** Sends Ctrl-C once this text has been printed, or this has happened. */
  readonly interruptAt?: string | Promise<void>;
  /** Relative to the project. */
  readonly cwd?: string;
}

export interface CliProject extends AsyncDisposable {
  readonly folder: string;
  /** `overseed …args`, split at spaces unless it is a list. */
  run(args: string | readonly string[], options?: CliOptions): Promise<CliResult>;
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  read(file: string): Promise<string>;
  /** Runs SQL in a database file of the project, which is made when it is missing. */
  sql(file: string, ...statements: readonly string[]): void;
  rows(file: string, sql: string): unknown[][];
}

export async function makeProject(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<CliProject> {
  const home = await mkdtemp(path.join(tmpdir(), 'proyecto ñ '));
  const folder = path.join(home, 'shop');
  await mkdir(path.join(folder, 'node_modules'), { recursive: true });
  await symlink(PACKAGE, path.join(folder, 'node_modules', 'overseed'));
  const project: CliProject = {
    folder,
    run: (args, options = {}) =>
      runCli(typeof args === 'string' ? args.split(' ').filter(Boolean) : args, {
        ...options,
        cwd: path.join(folder, options.cwd ?? ''),
        env: { ...env, ...options.env },
      }),
    async write(more) {
      for (const [name, content] of Object.entries(more)) {
        const file = path.join(folder, name);
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, content);
      }
    },
    read: (file) => readFile(path.join(folder, file), 'utf8'),
    sql(file, ...statements) {
      using database = new LocalDatabase(path.join(folder, file));
      for (const statement of statements) database.exec(statement);
    },
    rows(file, sql) {
      using database = new LocalDatabase(path.join(folder, file));
      return database.rows(sql);
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true, maxRetries: 3 }),
  };
  await project.write(files);
  return project;
}

async function runCli(
  args: readonly string[],
  { cwd, env, input, interruptAt }: CliOptions & { cwd: string },
): Promise<CliResult> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...process.env, ...cleanEnvironment(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined); // It may end before it has read everything.
  child.stdin.end(input ?? '');
  const said = { stdout: '', stderr: '' };
  let isInterrupted = false;
  const interrupt = () => {
    if (!isInterrupted) child.kill('SIGINT');
    isInterrupted = true;
  };
  if (interruptAt instanceof Promise) void interruptAt.then(interrupt);
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      if (typeof interruptAt === 'string' && (said.stdout + said.stderr).includes(interruptAt)) interrupt();
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, name) => resolve(code ?? 128 + (name ? constants.signals[name] : 0)));
    });
    return { exitCode, ...said };
  } finally {
    clearTimeout(timer);
  }
}

/** The lines of `--json` output. */
export function eventsOf({ stdout }: CliResult): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
