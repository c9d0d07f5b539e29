/** A small harness for stories about the engine: a real server or a real file, a source made of plain rows. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startSqld } from 'local-cloud';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import type { Event } from '../../packages/overseed/src/model/event.ts';
import type { Outcome } from '../../packages/overseed/src/model/outcome.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import { type Consent, plan, push } from '../../packages/overseed/src/push.ts';
import type { Source } from '../../packages/overseed/src/source/source.ts';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import { openFileTarget } from '../../packages/overseed/src/target/file/open.ts';
import { openHranaTarget } from '../../packages/overseed/src/target/hrana/open.ts';
import { ask, type Statement, type Target } from '../../packages/overseed/src/target/target.ts';

export type PlainRow = Record<string, SqlValue>;

/** A source of plain rows, by table. */
export function plainSource(tables: Record<string, readonly PlainRow[]>): Source {
  return {
    label: 'the test',
    tables: Object.entries(tables).map(([name, rows]) => ({
      name,
      columns: undefined,
      rows: () => rows.map((row) => ({ values: new Map(Object.entries(row)), problems: [] })),
    })),
  };
}

export interface TestTarget extends AsyncDisposable {
  /** A fresh connection each time, as a new run would have. */
  open(): Target;
  folder: string;
  /** Runs statements one by one, committing each. */
  run(...statements: (string | Statement)[]): Promise<void>;
  rows(sql: string, args?: SqlValue[]): Promise<SqlValue[][]>;
}

export async function remoteTarget(): Promise<TestTarget & { url: string; token: string }> {
  const server = await startSqld();
  const variables = { url: 'ASTRO_DB_REMOTE_URL', token: 'ASTRO_DB_APP_TOKEN' };
  const target = await harness(
    () => openHranaTarget({ url: server.url, token: server.token, variables }),
    () => server.stop(),
  );
  return { ...target, url: server.url, token: server.token };
}

export async function fileTarget(): Promise<TestTarget> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-test-'));
  new LocalDatabase(path.join(folder, 'target.db')).close();
  return harness(
    () => openFileTarget({ file: path.join(folder, 'target.db'), label: 'target.db' }),
    () => rm(folder, { recursive: true, force: true }),
  );
}

async function harness(open: () => Target, close: () => Promise<void>): Promise<TestTarget> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-test-'));
  const never = new AbortController().signal;
  return {
    open,
    folder,
    async run(...statements) {
      await using target = open();
      for (const statement of statements) {
        await target.write([typeof statement === 'string' ? { sql: statement } : statement], never);
      }
    },
    async rows(sql, args = []) {
      await using target = open();
      const [rows = []] = await ask(target, [{ sql, args }], never);
      return rows;
    },
    async [Symbol.asyncDispose]() {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface PushResult {
  readonly outcome: Outcome;
  readonly events: readonly Event[];
}

export interface PushOptions {
  readonly consent?: Consent;
  readonly dryRun?: boolean;
  readonly strategy?: 'inline' | 'delta' | 'swap';
  readonly signal?: AbortSignal;
  readonly emit?: (event: Event) => void;
  /** Keeps the last known state beside the backups. */
  readonly states?: boolean;
  /** Puts something between the engine and the target. */
  readonly around?: (target: Target) => Target;
}

/** The batch that changes the rows, and not one of those that stage them or keep the lease. */
export function isApply(steps: readonly Statement[]): boolean {
  return steps.some(({ sql }) => sql.includes('INSERT INTO _overseed_runs'));
}

/** A target that calls `before` right before each batch that would change the rows, counted from 1. */
export function beforeEachApply(before: (attempt: number) => Promise<unknown>): (target: Target) => Target {
  let attempts = 0;
  return (target) => ({
    ...target,
    async write(steps, signal, options) {
      if (isApply(steps)) await before(++attempts);
      return target.write(steps, signal, options);
    },
  });
}

/** Like {@link beforeEachApply}, before the first one only. */
export function beforeApply(before: () => Promise<unknown>): (target: Target) => Target {
  return beforeEachApply(async (attempt) => {
    if (attempt === 1) await before();
  });
}

export async function pushTo(
  target: TestTarget,
  tables: Record<string, readonly PlainRow[]>,
  {
    consent = 'overwrite',
    dryRun = false,
    strategy,
    states = false,
    around = (opened) => opened,
    signal = new AbortController().signal,
    emit = () => undefined,
  }: PushOptions = {},
): Promise<PushResult> {
  const events: Event[] = [];
  await using opened = target.open();
  const parts = {
    source: plainSource(tables),
    target: around(opened),
    assetStore: openFolderStore({
      folder: path.join(target.folder, 'media'),
      label: 'media',
      baseUrl: '/media',
      prefix: '',
    }),
    assetColumns: {},
    backups: path.join(target.folder, 'backups'),
    howToMigrate: 'Push the schema',
    states: states ? path.join(target.folder, 'state') : undefined,
    ...(strategy ? { strategy } : {}),
  };
  const run = startRun({
    signal,
    emit: (event) => {
      events.push(event);
      emit(event);
    },
  });
  const outcome = dryRun ? await plan(parts, run) : await push(parts, consent, run);
  return { outcome, events };
}
