/** What `db/seed.ts` exports: data, rules and asset columns go in, a function for Astro comes out. */
import path from 'node:path';
import { exitProcess } from '../cli/exit.ts';
import { ownCommand } from '../cli/own-command.ts';
import { reviewedPlan } from '../cli/plan-flags.ts';
import { unwrap } from '../cli/render/failure.ts';
import { report, runCommand } from '../cli/run-command.ts';
import { type AssetsInput, parseAssets } from '../config/asset-tables.ts';
import { type BackupSettings, retentionOf } from '../config/backups.ts';
import type { Environment } from '../config/environment.ts';
import { localDatabaseFile } from '../config/local-database.ts';
import type { S3Options } from '../config/s3.ts';
import { inspectTarget } from '../doctor/inspect-target.ts';
import type { AssetColumns } from '../model/asset-columns.ts';
import { startRun } from '../model/run.ts';
import { type Parts, plan, push } from '../push.ts';
import { type SeedTable, seedSource } from '../source/seed.ts';
import type { Rule } from '../source/standard-schema.ts';
import { AsyncCleanup } from '../util/async-cleanup.ts';
import { scratchFolder } from '../util/scratch-folder.ts';
import {
  type OpenStore,
  openAssetStore,
  openTarget,
  readEnvironment,
  type StoreChoice,
  type TargetChoice,
} from '../wire.ts';
import { checkCommand, printFindings } from './checks.ts';
import { createLocalTables, hasLocalTables } from './create-local-tables.ts';
import { type Invocation, readInvocation } from './invocation.ts';

export interface SeedAssets extends AssetsInput {
  /**
   * Where files go when the remote database is seeded. `auto` (the default) means Cloudinary if one of its variables
   * is set, else the public folder. A function opens a store of your own. The local database always uses the public
   * folder.
   */
  readonly store?: 'cloudinary' | 'folder' | 's3' | 'auto' | OpenStore;
  /** For the store `s3`. Credentials come from the environment. */
  readonly s3?: S3Options;
  /** Folder of the site that is served as it is, default `public/media`. */
  readonly publicFolder?: string;
  /** URL of that folder, default `/media`. */
  readonly baseUrl?: string;
}

export interface SeedDefinition {
  /** Tables with their rows, made by `rows(table, rows)`. Tables that are not listed are never touched. */
  readonly tables: readonly SeedTable[];
  /** By table name: a Standard Schema (zod and others), or a function that returns what is wrong. */
  readonly rules?: Readonly<Record<string, Rule>>;
  /** By table name: how many rows there must be. */
  readonly expect?: Readonly<Record<string, number>>;
  readonly assets?: SeedAssets;
  /** Which backups stay. The one that `undo` needs always does. */
  readonly backups?: BackupSettings;
}

/** What Astro calls, with what other scripts of the site may ask of it. */
export interface Seed {
  (): Promise<void>;
  /** For a script of its own: proves that the database is what this seed says, media included. */
  readonly verify: () => Promise<void>;
}

/** Turns a definition into what Astro calls. The same function serves `astro db execute`, `dev` and `build`. */
export function defineSeed(definition: SeedDefinition): Seed {
  return Object.assign(() => seed(definition), { verify: () => verifySeed(definition) });
}

type Execution = Invocation & { kind: 'execute' };

async function seed(definition: SeedDefinition): Promise<void> {
  const invocation = await invocationOrExit();
  if (invocation.kind === 'embedded') return seedQuietly(definition, path.resolve(invocation.root));
  const where = invocation.remote ? 'remote' : 'local';
  const output = {
    format: invocation.format,
    undoCommand: () => `${ownCommand()} undo ${where} --force`,
    howToOverwrite: 'Add --force to replace it, or --dry-run to see what would change.',
    ...(invocation.force
      ? {}
      : { whenUnchanged: 'It holds data; had it differed, only --force would have overwritten it.' }),
  };
  const code = await runCommand(output, async (run) => {
    const reviewed = await reviewedPlan(invocation.planFiles);
    await using opened = await openParts(definition, invocation);
    const parts: Parts = { ...opened.parts, ...reviewed };
    if (invocation.dryRun) await plan(parts, run, invocation.planFiles.out);
    else await push(parts, invocation.force ? 'overwrite' : 'keep-data', run);
  });
  // Returning lets Astro print that the file ran successfully: wrong after a failure, and no JSON.
  if (code !== 0 || invocation.format === 'json') await exitProcess(code);
}

async function verifySeed(definition: SeedDefinition): Promise<void> {
  const invocation = await invocationOrExit();
  if (invocation.kind === 'embedded') throw new Error('Run this with `astro db execute`.');
  await checkCommand(`State of the ${invocation.remote ? 'remote' : 'local'} database`, 1, async (signal) => {
    await using opened = await openParts(definition, invocation);
    return printFindings(await inspectTarget(opened.parts, startRun({ signal, emit: () => undefined })));
  })();
}

async function invocationOrExit(): Promise<Invocation> {
  try {
    return readInvocation(process.argv, process.cwd());
  } catch (error) {
    const failure = unwrap(error);
    report(failure, { format: 'text' });
    return exitProcess(failure.exitCode);
  }
}

async function openParts(
  definition: SeedDefinition,
  invocation: Execution,
): Promise<AsyncDisposable & { parts: Parts }> {
  const root = path.resolve(invocation.root);
  const retention = retentionOf(definition.backups, 'db/seed.ts');
  const environment = readEnvironment(root);
  await using cleanup = new AsyncCleanup();
  const choice = await targetChoice(invocation, root, environment, cleanup);
  const store = storeChoice(definition, invocation.remote ? (definition.assets?.store ?? 'auto') : 'folder');
  const assetStore = openAssetStore(store, root, environment);
  const target = cleanup.use(openTarget(choice, environment, root));
  const owned = cleanup.move();
  return {
    parts: {
      source: seedSource({ ...definition, label: 'db/seed.ts' }),
      target,
      assetStore,
      assetColumns: assetColumns(definition, root),
      recheckAssets: invocation.recheckAssets,
      uploads: { afterFailure: invocation.rollbackAssets ? 'remove' : 'keep' },
      allowCascade: invocation.allowCascade,
      backups: invocation.backup ? path.join(root, '.overseed', 'backups') : undefined,
      retention,
      states: path.join(root, '.overseed', 'state'),
      howToMigrate: invocation.remote
        ? 'Push the schema with `astro db push --remote`'
        : 'Run `astro build`, which creates the local database anew',
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

/** A local database without tables gets them; for a dry run, in a scratch copy, since nothing may change. */
async function targetChoice(
  { remote, dryRun, token }: Execution,
  root: string,
  environment: Environment,
  cleanup: AsyncCleanup,
): Promise<TargetChoice> {
  if (remote) return { kind: 'remote', ...(token === undefined ? {} : { token }) };
  const file = localDatabaseFile(root, environment);
  if (hasLocalTables(file)) return { kind: 'local' };
  if (!dryRun) {
    await createLocalTables(root, file);
    return { kind: 'local' };
  }
  const scratch = cleanup.use(await scratchFolder());
  const copy = scratch.file('content.db');
  await createLocalTables(root, copy);
  return { kind: 'file', file: copy, label: path.relative(root, file) };
}

/** At the start of `astro dev` and `astro build`: a fresh local database, no questions, no cloud, no noise. */
async function seedQuietly(definition: SeedDefinition, root: string): Promise<void> {
  const environment = readEnvironment(root);
  await using target = openTarget({ kind: 'local' }, environment, root);
  const parts: Parts = {
    source: seedSource({ ...definition, label: 'db/seed.ts' }),
    target,
    assetStore: openAssetStore(storeChoice(definition, 'folder'), root, environment),
    assetColumns: assetColumns(definition, root),
    backups: undefined,
    howToMigrate: 'Start Astro again',
  };
  await push(parts, 'overwrite', startRun({ signal: new AbortController().signal, emit: () => undefined }));
}

function storeChoice({ assets }: SeedDefinition, kind: StoreChoice['kind']): StoreChoice {
  return {
    kind,
    prefix: assets?.prefix ?? '',
    publicFolder: assets?.publicFolder ?? 'public/media',
    baseUrl: assets?.baseUrl ?? '/media',
    ...(assets?.s3 === undefined ? {} : { s3: assets.s3 }),
  };
}

function assetColumns({ assets }: SeedDefinition, root: string): Record<string, AssetColumns> {
  return assets ? parseAssets(assets, root) : {};
}
