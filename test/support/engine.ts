/** A small harness for stories about the engine: a real server or a real file, a source made of plain rows. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Sqld, type SqldOptions, startSqld } from 'local-cloud';
import type { AssetStore } from '../../packages/overseed/src/assets/asset-store.ts';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import { openBackup, type Retention } from '../../packages/overseed/src/backups/backups.ts';
import type { AssetColumns } from '../../packages/overseed/src/model/asset-columns.ts';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import type { Event } from '../../packages/overseed/src/model/event.ts';
import type { Outcome } from '../../packages/overseed/src/model/outcome.ts';
import type { TableStrategy } from '../../packages/overseed/src/model/plan.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import { type Consent, plan, push } from '../../packages/overseed/src/push.ts';
import type { SavedPlan } from '../../packages/overseed/src/saved-plan/saved-plan.ts';
import type { Source } from '../../packages/overseed/src/source/source.ts';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import { openFileTarget } from '../../packages/overseed/src/target/file/open.ts';
import { openHranaTarget } from '../../packages/overseed/src/target/hrana/open.ts';
import { ask, type Statement, type Target } from '../../packages/overseed/src/target/target.ts';
import { nativeWorkDone } from '../../packages/overseed/src/util/native-work.ts';
import { openBackupParts } from '../../packages/overseed/src/wire.ts';

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

/** The same server at another address, or with another token. */
export function openRemote({ url, token }: { url: string; token: string }): Target {
  const variables = { url: 'ASTRO_DB_REMOTE_URL', token: 'ASTRO_DB_APP_TOKEN' };
  return openHranaTarget({ url, token, variables });
}

export interface RemoteTarget extends TestTarget {
  readonly url: string;
  readonly token: string;
  readonly server: Sqld;
}

export async function remoteTarget(options?: SqldOptions): Promise<RemoteTarget> {
  const server = await startSqld(options);
  const target = await harness(
    () => openRemote(server),
    () => server.stop(),
  );
  return { ...target, url: server.url, token: server.token, server };
}

/** @param dataFolder where the file is, made and removed if absent */
export async function fileTarget(dataFolder?: string): Promise<TestTarget & { dataFolder: string }> {
  const folder = dataFolder ?? (await mkdtemp(path.join(os.tmpdir(), 'overseed-test-')));
  const file = path.join(folder, 'target.db');
  new LocalDatabase(file).close();
  const target = await harness(
    () => openFileTarget({ file, label: 'target.db' }),
    async () => {
      if (dataFolder === undefined) await rm(folder, { recursive: true, force: true });
    },
  );
  return { ...target, dataFolder: folder };
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
      await nativeWorkDone();
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
  readonly strategy?: Exclude<TableStrategy, 'none'>;
  readonly signal?: AbortSignal;
  /** Folder of the backups, if not one beside the target. */
  readonly backups?: string;
  readonly retention?: Retention;
  readonly onEvent?: (event: Event) => void;
  /** Saves the plan of a dry run. */
  readonly saveAs?: string;
  /** The plan that was looked at. */
  readonly reviewed?: SavedPlan;
  readonly allowCascade?: readonly string[];
  /** Keeps the last known state beside the backups. */
  readonly states?: boolean;
  /** Instead of the folder `media` beside the target. */
  readonly assetStore?: AssetStore;
  readonly assetColumns?: Readonly<Record<string, AssetColumns>>;
  readonly recheckAssets?: boolean;
  /** Puts something between the engine and the target. */
  readonly around?: (target: Target) => Target;
}

/** As `overseed restore` does it. */
export async function restoreTo(
  target: TestTarget,
  file: string,
  { strategy, backups = path.join(target.folder, 'backups') }: Pick<PushOptions, 'strategy' | 'backups'> = {},
): Promise<PushResult> {
  const events: Event[] = [];
  const run = startRun({
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
  });
  await using opened = target.open();
  using backup = openBackupParts(file, await openBackup(file), 'the backup');
  const parts = await backup.parts(opened, backups, run);
  return { outcome: await push({ ...parts, ...(strategy ? { strategy } : {}) }, 'overwrite', run), events };
}

/** The error that a push ends with. @throws Error when it ends without one, or with one that nobody explained */
export async function failureOf(push: Promise<unknown>): Promise<OverseedError> {
  const error = await push.then(
    () => new Error('The push did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof OverseedError) return error;
  throw error;
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
    around = (opened) => opened,
    onEvent,
    backups = path.join(target.folder, 'backups'),
    retention,
    assetStore = openFolderStore({
      folder: path.join(target.folder, 'media'),
      label: 'media',
      baseUrl: '/media',
      prefix: '',
    }),
    assetColumns = {},
    recheckAssets = false,
    saveAs,
    reviewed,
    allowCascade = [],
    states = false,
    signal = new AbortController().signal,
  }: PushOptions = {},
): Promise<PushResult> {
  const events: Event[] = [];
  await using opened = target.open();
  const parts = {
    source: plainSource(tables),
    target: around(opened),
    assetStore,
    assetColumns,
    recheckAssets,
    backups,
    howToMigrate: 'Push the schema',
    states: states ? path.join(target.folder, 'state') : undefined,
    allowCascade,
    ...(strategy ? { strategy } : {}),
    ...(reviewed ? { reviewed } : {}),
    ...(retention ? { retention } : {}),
  };
  const emit = (event: Event) => {
    events.push(event);
    onEvent?.(event);
  };
  const run = startRun({ signal, emit });
  const outcome = dryRun ? await plan(parts, run, saveAs) : await push(parts, consent, run);
  return { outcome, events };
}
