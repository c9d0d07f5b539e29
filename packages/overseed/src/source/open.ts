/** From what a configuration calls a source to its tables. */
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { messageOf, OverseedError } from '../model/error.ts';
import type { Schema } from '../model/schema.ts';
import { isEngineError } from '../sqlite/engine-error.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { assertNever } from '../util/assert-never.ts';
import { AsyncCleanup } from '../util/async-cleanup.ts';
import { scratchFolder } from '../util/scratch-folder.ts';
import type { Casing } from './casing.ts';
import { openDataFolder } from './files/data-folder.ts';
import { NotUtf8 } from './files/read-text.ts';
import { runScript, ScriptFailed } from './script/run-script.ts';
import { seedTables } from './seed.ts';
import { readSeedModule, type SeedContext } from './seed-module.ts';
import type { Source } from './source.ts';
import { sqliteFileSource } from './sqlite-file.ts';
import { openStandardInput } from './standard-input.ts';

/** As a parsed configuration has it: `path` is absolute, `label` as people wrote it. */
type SourceKind =
  | {
      readonly kind: 'module';
      readonly path: string;
      readonly label: string;
      readonly casing?: Casing | undefined;
    }
  | { readonly kind: 'sqlite' | 'script'; readonly path: string; readonly label: string }
  | { readonly kind: 'folder'; readonly path: string; readonly label: string; readonly delimiter: string }
  | { readonly kind: 'stdin'; readonly label: string };

/** What opening a source takes from others. */
export interface SourceMeans {
  readonly loadModule: (file: string, label: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly readSchema: (file: string, label: string) => Promise<Schema>;
  readonly input: Readable;
  readonly signal: AbortSignal;
  /** Folder of the project. */
  readonly root: string;
  readonly context: SeedContext;
}

/** A source that holds files or connections until it is disposed. */
export interface OpenedSource extends AsyncDisposable {
  readonly source: Source;
}

/**
 * @param wanted whether a table belongs to the source, by name
 * @throws SOURCE_INVALID, CONFIG_INVALID
 */
export async function openSource(
  choice: SourceKind,
  wanted: (table: string) => boolean,
  means: SourceMeans,
): Promise<OpenedSource> {
  const opened = await openWhole(choice, wanted, means);
  const tables = opened.source.tables.filter(({ name }) => wanted(name));
  return {
    source: { label: opened.source.label, tables },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

async function openWhole(
  choice: SourceKind,
  wanted: (table: string) => boolean,
  means: SourceMeans,
): Promise<OpenedSource> {
  const { label } = choice;
  switch (choice.kind) {
    case 'module': {
      const module = await means.loadModule(choice.path, label);
      const seeds = await readSeedModule(module, label, means.context);
      const { root, signal } = means;
      return closed({ label, tables: seedTables(seeds, { label, root, signal, casing: choice.casing }) });
    }
    case 'folder':
      return closed(await openDataFolder(choice));
    case 'stdin':
      return openStandardInput(means.input, label, means.signal);
    case 'sqlite':
      if (!existsSync(choice.path)) throw unusable(`There is no SQLite file ${label}.`, 'Check the path.');
      return openFile(choice.path, label, wanted, means, new AsyncCleanup());
    case 'script':
      return openScript(choice.path, label, wanted, means);
    default:
      return assertNever(choice);
  }
}

/** A source that keeps nothing open. */
function closed(source: Source): OpenedSource {
  return { source, [Symbol.asyncDispose]: async () => undefined };
}

async function openFile(
  file: string,
  label: string,
  wanted: (table: string) => boolean,
  { readSchema }: SourceMeans,
  owned: AsyncCleanup,
): Promise<OpenedSource> {
  await using cleanup = owned;
  const schema = await readSchema(file, label);
  const tables = [...schema.tables.values()].filter(({ name }) => wanted(name));
  const database = new LocalDatabase(file);
  cleanup.use({ [Symbol.asyncDispose]: async () => database.close() });
  const source = sqliteFileSource(label, database, tables);
  const kept = cleanup.move();
  return { source, [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose]() };
}

async function openScript(
  file: string,
  label: string,
  wanted: (table: string) => boolean,
  means: SourceMeans,
): Promise<OpenedSource> {
  if (!existsSync(file)) throw unusable(`There is no script ${label}.`, 'Check the path.');
  await using cleanup = new AsyncCleanup();
  const scratch = cleanup.use(await scratchFolder());
  const copy = scratch.file('script.db');
  try {
    using database = LocalDatabase.scratch(copy);
    await runScript(database, file);
  } catch (cause) {
    throw scriptError(cause, label);
  }
  return openFile(copy, label, wanted, means, cleanup.move());
}

function scriptError(cause: unknown, label: string): unknown {
  const next = 'Correct the script, then run this again.';
  if (cause instanceof ScriptFailed)
    return unusable(`${label}, line ${cause.line}: ${cause.message}.`, next, cause);
  if (cause instanceof NotUtf8) return unusable(`${label} ${cause.message}.`, next, cause);
  if (isEngineError(cause)) return unusable(`${label} cannot be run: ${messageOf(cause)}.`, next, cause);
  return cause;
}

function unusable(what: string, next: string, cause?: unknown): OverseedError {
  return new OverseedError('SOURCE_INVALID', { what, state: 'not-contacted', next, cause });
}
