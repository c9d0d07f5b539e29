/** What `db/seed.ts` exports: data, rules and asset columns go in, a function for Astro comes out. */
import path from 'node:path';
import { exitProcess } from '../cli/exit.ts';
import { unwrap } from '../cli/render/failure.ts';
import { report, runCommand } from '../cli/run-command.ts';
import type { AssetColumns } from '../model/asset-columns.ts';
import { startRun } from '../model/run.ts';
import { type Parts, plan, push } from '../push.ts';
import { type SeedTable, seedSource } from '../source/seed.ts';
import type { Rule } from '../source/standard-schema.ts';
import { openAssetStore, openTarget, readEnvironment, type StoreChoice, type TargetChoice } from '../wire.ts';
import { type Invocation, readInvocation } from './invocation.ts';
import { createMissingTables, localDatabaseFile } from './local-database.ts';

export interface SeedAssets {
  /**
   * Where files go when the remote database is seeded. `auto` (the default) means Cloudinary if one of its variables
   * is set, else the public folder. The local database always uses the public folder.
   */
  readonly store?: 'cloudinary' | 'folder' | 'auto';
  /** Folder in the store, for example `real-estate`. */
  readonly prefix?: string;
  /** Folder of the site that is served as it is, default `public/media`. */
  readonly publicFolder?: string;
  /** URL of that folder, default `/media`. */
  readonly baseUrl?: string;
  /** By table: which columns say where its media are. `from` is the folder of the files, relative to the site. */
  readonly tables: Readonly<Record<string, Omit<AssetColumns, 'root'> & { readonly from: string }>>;
}

export interface SeedDefinition {
  /** Tables with their rows, made by `rows(table, rows)`. Tables that are not listed are never touched. */
  readonly tables: readonly SeedTable[];
  /** By table name: a Standard Schema (zod and others), or a function that returns what is wrong. */
  readonly rules?: Readonly<Record<string, Rule>>;
  /** By table name: how many rows there must be. */
  readonly expect?: Readonly<Record<string, number>>;
  readonly assets?: SeedAssets;
}

/** Turns a definition into what Astro calls. The same function serves `astro db execute`, `dev` and `build`. */
export function defineSeed(definition: SeedDefinition): () => Promise<void> {
  return async () => {
    let invocation: Invocation;
    try {
      invocation = readInvocation(process.argv, process.cwd());
    } catch (error) {
      const failure = unwrap(error);
      report(failure, { format: 'text' });
      return exitProcess(failure.exitCode);
    }
    if (invocation.kind === 'embedded') return seedQuietly(definition, path.resolve(invocation.root));
    const code = await execute(definition, invocation);
    // Returning would let Astro print that the file ran successfully.
    if (code !== 0) await exitProcess(code);
  };
}

async function execute(
  definition: SeedDefinition,
  invocation: Invocation & { kind: 'execute' },
): Promise<number> {
  const root = path.resolve(invocation.root);
  const where = invocation.remote ? 'remote' : 'local';
  const output = {
    format: invocation.format,
    undoCommand: () => `pnpm overseed undo ${where} --force`,
    howToOverwrite: 'Add --force to replace it, or --dry-run to see what would change.',
  };
  return runCommand(output, async (run) => {
    const environment = readEnvironment(root);
    const file = localDatabaseFile(root, environment);
    if (!invocation.remote) await createMissingTables(root, file);
    const choice: TargetChoice = invocation.remote
      ? { kind: 'remote', ...(invocation.token === undefined ? {} : { token: invocation.token }) }
      : { kind: 'file', file, label: path.relative(root, file) };
    const store = storeChoice(
      definition,
      invocation.remote ? (definition.assets?.store ?? 'auto') : 'folder',
    );
    const assetStore = openAssetStore(store, root, environment);
    await using target = openTarget(choice, environment);
    const parts: Parts = {
      source: seedSource({ ...definition, label: invocation.file }),
      target,
      assetStore,
      assetColumns: assetColumns(definition, root),
      backups: invocation.backup ? path.join(root, '.overseed', 'backups') : undefined,
      howToMigrate: invocation.remote
        ? 'Push the schema with `astro db push --remote`'
        : 'Run `astro build`, which creates the local database anew',
    };
    if (invocation.dryRun) await plan(parts, run);
    else await push(parts, invocation.force ? 'overwrite' : 'keep-data', run);
  });
}

/** At the start of `astro dev` and `astro build`: a fresh local database, no questions, no cloud, no noise. */
async function seedQuietly(definition: SeedDefinition, root: string): Promise<void> {
  const environment = readEnvironment(root);
  const file = localDatabaseFile(root, environment);
  await using target = openTarget({ kind: 'file', file, label: path.relative(root, file) }, environment);
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
  };
}

function assetColumns({ assets }: SeedDefinition, root: string): Record<string, AssetColumns> {
  const entries = Object.entries(assets?.tables ?? {});
  return Object.fromEntries(
    entries.map(([table, { from, ...columns }]) => [table, { ...columns, root: path.resolve(root, from) }]),
  );
}
