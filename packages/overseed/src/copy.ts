/**
 * THE OTHER STORY: target → a file that stays. The same pull that a push begins with, kept: as a database to work with, or
 * sealed as a backup.
 */
import { copyFile, rename, rm } from 'node:fs/promises';
import { sealBackup } from './backups/backups.ts';
import { OverseedError } from './model/error.ts';
import { inStage, type Run } from './model/run.ts';
import { findTable, type Schema, type Table } from './model/schema.ts';
import { type Actual, pullTarget } from './pull/pull-target.ts';
import { isEngineError } from './sqlite/engine-error.ts';
import { LocalDatabase } from './sqlite/local-database.ts';
import { readSchema } from './target/read-schema.ts';
import type { Target } from './target/target.ts';
import { countOf } from './util/count-of.ts';
import { type ScratchFolder, scratchFolder } from './util/scratch-folder.ts';

/** Which tables are copied: those that are named, or all ordinary ones that are wanted. */
export type CopyScope =
  | {
      readonly kind: 'named';
      readonly names: readonly string[] /** Where the names come from. */;
      readonly by: string;
    }
  | { readonly kind: 'all'; readonly wanted: (table: string) => boolean };

/** What was copied. */
export interface Copied {
  readonly file: string;
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
}

/**
 * Copies `target` into `file`, with its indexes and triggers. The file appears when it is whole, and replaces one that
 * is there.
 * @throws SCHEMA_MISSING, TARGET_UNREACHABLE, TARGET_AUTH, TARGET_REJECTED
 */
export async function copyTarget(target: Target, scope: CopyScope, file: string, run: Run): Promise<Copied> {
  await using scratch = await scratchFolder();
  const actual = await pullScope(target, scope, scratch, run);
  const tables = countRows(actual);
  addIndexes(actual, run);
  await copyFile(actual.file, `${file}.part`);
  await rename(`${file}.part`, file).catch(async (error: unknown) => {
    await rm(`${file}.part`, { force: true });
    throw error;
  });
  return { file, tables };
}

/** Seals a backup of `target` in `folder`. It stays until somebody removes it. @throws as {@link copyTarget} */
export async function backUpTarget(
  target: Target,
  scope: CopyScope,
  folder: string,
  run: Run,
): Promise<Copied> {
  await using scratch = await scratchFolder();
  const actual = await pullScope(target, scope, scratch, run);
  const rows = countRows(actual);
  const file = await inStage(
    run,
    'backup',
    () =>
      sealBackup(folder, {
        file: actual.file,
        tables: actual.tables.map((table, index) => ({ table, rows: rows[index]?.rows ?? 0 })),
        target: target.label,
        runId: run.id,
        createdAt: run.startedAt,
        isAsked: true,
      }),
    () => `${countOf(actual.rowCount, 'row')} sealed`,
  );
  return { file, tables: rows };
}

async function pullScope(
  target: Target,
  scope: CopyScope,
  scratch: ScratchFolder,
  run: Run,
): Promise<Actual> {
  const schema = await readSchema(target, run.signal);
  const tables = tablesOf(schema, scope, target.label);
  return inStage(
    run,
    'pull',
    () => pullTarget(target, tables, scratch.file('pulled.db'), run),
    ({ rowCount }) => countOf(rowCount, 'row'),
  );
}

function tablesOf(schema: Schema, scope: CopyScope, label: string): Table[] {
  if (scope.kind === 'all') return [...schema.tables.values()].filter(({ name }) => scope.wanted(name));
  const missing = scope.names.filter((name) => !findTable(schema, name));
  if (missing.length > 0) {
    throw new OverseedError('SCHEMA_MISSING', {
      what: `${label} has no table ${missing.join(', ')}, which ${scope.by} names.`,
      state: 'old',
      next: 'Run your migrations on it, or copy what is there with --all.',
    });
  }
  return scope.names.flatMap((name) => findTable(schema, name) ?? []);
}

function countRows({ file, tables }: Actual): { table: string; rows: number }[] {
  using database = new LocalDatabase(file);
  return tables.map(({ name }) => ({
    table: name,
    rows: database.count(`SELECT count(*) FROM "${name.replaceAll('"', '""')}"`),
  }));
}

/** A pulled file has none, because comparing needs none. What refers to tables that were not copied stays away. */
function addIndexes({ file, tables }: Actual, run: Run): void {
  using database = new LocalDatabase(file);
  for (const { name, indexes, triggers } of tables) {
    for (const sql of [...indexes, ...triggers].map((object) => object.sql)) {
      try {
        database.exec(sql);
      } catch (error) {
        if (!isEngineError(error)) throw error;
        run.emit({
          kind: 'warning',
          message: `An index or trigger of ${name} was left out: ${error.message}.`,
        });
      }
    }
  }
}
