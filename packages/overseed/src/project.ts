/** From a configuration to the parts of a run. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { AssetStore } from './assets/asset-store.ts';
import { tableProblems } from './config/check-tables.ts';
import { mentionsCloudinary } from './config/cloudinary.ts';
import type { Config, SourceChoice, StoreChoice, TargetChoice } from './config/config.ts';
import { type Environment, readEnvironment, targetEnvFiles } from './config/environment.ts';
import { loadModule } from './config/load-module.ts';
import { invalidConfig } from './config/parse-config.ts';
import type { S3Options } from './config/s3.ts';
import { isInScope } from './config/scope.ts';
import type { ConfigProblem } from './config/shape.ts';
import { targetAddress, variableNames } from './config/target-address.ts';
import { OverseedError } from './model/error.ts';
import type { Parts } from './push.ts';
import { declare } from './source/declare.ts';
import { type OpenedSource, openSource } from './source/open.ts';
import type { Target } from './target/target.ts';
import { AsyncCleanup } from './util/async-cleanup.ts';
import { noAssetStore, openAssetStore, openTargetAt, schemaOfFile } from './wire.ts';

/** One target of a configuration, with the variables that it sees. */
export interface Place {
  readonly config: Config;
  readonly target: TargetChoice;
  readonly environment: Environment;
}

/**
 * @param envFile instead of the env files of the target
 * @throws CONFIG_INVALID when that file does not exist
 */
export function placeOf(config: Config, target: TargetChoice, envFile?: string): Place {
  if (envFile !== undefined && !existsSync(envFile)) {
    throw new OverseedError('CONFIG_INVALID', {
      what: `There is no env file ${envFile}.`,
      state: 'not-contacted',
      next: 'Check the path after --env.',
    });
  }
  const own = target.envFiles ?? targetEnvFiles(config.root, target.name);
  const files = envFile === undefined ? own : [path.resolve(envFile)];
  return { config, target, environment: readEnvironment(config.root, { files }) };
}

/** The variables that a target takes its address, its token and its store from; those that it needs. */
export function variablesOf(place: Place): {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly cloudinary: boolean;
  readonly s3: S3Options | undefined;
} {
  const { config, target, environment } = place;
  const { url, token } = variableNames(target, environment);
  const address = targetAddress(target, environment, config.root);
  const isFile = !isProblem(address) && address.kind === 'file';
  const { kind, s3 = {} } = storeChoice(place);
  const hasAssets = Object.keys(config.assetColumns).length > 0;
  const useCloudinary = kind === 'cloudinary' || (kind === 'auto' && mentionsCloudinary(environment));
  return {
    url: target.url === undefined ? url : undefined,
    token: isFile ? undefined : token,
    cloudinary: hasAssets && useCloudinary,
    s3: hasAssets && kind === 's3' ? s3 : undefined,
  };
}

/** @throws CONFIG_INVALID, TARGET_UNREACHABLE */
export function openTarget({ config, target, environment }: Place): Target {
  const address = targetAddress(target, environment, config.root);
  if (isProblem(address)) throw invalidConfig(config.label, [address]);
  return openTargetAt(address);
}

/** The asset store of a target; one that holds nothing when no table has media. @throws CONFIG_INVALID */
export function openStore(place: Place): AssetStore {
  const hasMedia = Object.keys(place.config.assetColumns).length > 0;
  return hasMedia ? openWholeStore(place) : noAssetStore();
}

/** The asset store of a target, whatever the configuration knows of its media. @throws CONFIG_INVALID */
export function openWholeStore(place: Place): AssetStore {
  return openAssetStore(storeChoice(place), place.config.root, place.environment);
}

/** Media of a database on this machine stay on this machine, unless the configuration says otherwise. */
function storeChoice({ config, target, environment }: Place): StoreChoice {
  const choice = target.store ?? config.store;
  const address = targetAddress(target, environment, config.root);
  const isLocal = !isProblem(address) && address.kind === 'file';
  return choice.kind === 'auto' && isLocal ? { ...choice, kind: 'folder' } : choice;
}

export interface SourceOptions {
  /** Instead of the source of the configuration. */
  readonly choice?: SourceChoice | undefined;
  readonly input: Readable;
  readonly signal: AbortSignal;
}

/** The source, with what the configuration declares about its tables. @throws CONFIG_INVALID, SOURCE_INVALID */
export async function openProjectSource(
  { config, target }: Pick<Place, 'config' | 'target'>,
  { choice = config.source, input, signal }: SourceOptions,
): Promise<OpenedSource> {
  if (choice === undefined) throw invalidConfig(config.label, [{ path: 'source', message: 'is missing' }]);
  await using cleanup = new AsyncCleanup();
  const opened = cleanup.use(
    await openSource(choice, (table) => isInScope(config.scope, table), {
      loadModule,
      readSchema: (file, label) => schemaOfFile(file, label, signal),
      input,
      signal,
      root: config.root,
      context: { target: target.name },
    }),
  );
  const names = opened.source.tables.map(({ name }) => name);
  const problems = tableProblems(config, names, opened.source.label);
  if (names.length === 0)
    problems.push({ path: 'source', message: `${opened.source.label} has no table in scope` });
  if (problems.length > 0) throw invalidConfig(config.label, problems);
  const kept = cleanup.move();
  return {
    source: declare(opened.source, config),
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

export interface PartsOptions extends SourceOptions {
  /** Whether what is there is kept before it is replaced. */
  readonly backup: boolean;
  readonly allowCascade: readonly string[];
  readonly recheckAssets: boolean;
  /** Whether files that were stored are removed again when the push fails. */
  readonly rollbackAssets: boolean;
  readonly strategy?: Parts['strategy'];
}

/** Everything a push from the project's source takes. @throws CONFIG_INVALID, SOURCE_INVALID, TARGET_UNREACHABLE */
export async function openParts(
  place: Place,
  options: PartsOptions,
): Promise<{ readonly parts: Parts } & AsyncDisposable> {
  const { config } = place;
  await using cleanup = new AsyncCleanup();
  // What only the configuration can be wrong about comes before anything that takes time, and all of it at once.
  const [assetStore, target] = bothOrAllProblems(
    () => openStore(place),
    () => cleanup.use(openTarget(place)),
  );
  const { source } = cleanup.use(await openProjectSource(place, options));
  const kept = cleanup.move();
  return {
    parts: {
      source,
      target,
      assetStore,
      assetColumns: config.assetColumns,
      backups: options.backup ? config.backups.folder : undefined,
      retention: config.backups.retention,
      states: path.join(config.root, '.overseed', 'state'),
      allowCascade: options.allowCascade,
      recheckAssets: options.recheckAssets,
      uploads: { afterFailure: options.rollbackAssets ? 'remove' : 'keep' },
      howToMigrate: howToMigrate(config.root),
      ...(options.strategy && { strategy: options.strategy }),
    },
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

/** How the user of this project changes a schema, as far as its files tell. */
export function howToMigrate(root: string): string {
  const has = (...names: string[]) => names.some((name) => existsSync(path.join(root, name)));
  if (has('drizzle.config.ts', 'drizzle.config.js', 'drizzle.config.mjs', 'drizzle.config.json'))
    return 'Bring the schema of the target up to date with `drizzle-kit push` or `drizzle-kit migrate`';
  if (has('db/config.ts', 'db/config.js')) return 'Push the schema with `astro db push --remote`';
  return 'Run your migrations on the target';
}

/** @throws CONFIG_INVALID with what both are wrong about */
function bothOrAllProblems<A, B>(first: () => A, second: () => B): [A, B] {
  let result: A;
  try {
    result = first();
  } catch (error) {
    if (!isConfigError(error)) throw error;
    try {
      second();
    } catch (other) {
      if (isConfigError(other)) throw joined(other, error);
    }
    throw error;
  }
  return [result, second()];
}

function isConfigError(error: unknown): error is OverseedError {
  return error instanceof OverseedError && error.code === 'CONFIG_INVALID';
}

function joined(first: OverseedError, second: OverseedError): OverseedError {
  return new OverseedError('CONFIG_INVALID', {
    what: `${first.what}\n${second.what}`,
    state: 'not-contacted',
    next: `${first.next} ${second.next}`,
  });
}

function isProblem(address: object): address is ConfigProblem {
  return 'message' in address;
}
