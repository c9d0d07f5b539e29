/**
 * Builds the desired database: the target's own DDL replayed into an empty file, then the source's rows, so that
 * the engine itself judges types, NOT NULL, UNIQUE, CHECK and foreign keys before anything remote is touched.
 */
import { statSync } from 'node:fs';
import type { AssetStore } from '../assets/asset-store.ts';
import type { LedgerEntry } from '../model/asset.ts';
import type { AssetColumns } from '../model/asset-columns.ts';
import { OverseedError } from '../model/error.ts';
import { listProblems, type Problem } from '../model/problem.ts';
import type { Run } from '../model/run.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import type { RowProblem, Source, SourceRow, SourceTable } from '../source/source.ts';
import { withPlace } from '../source/with-place.ts';
import { openApart, SMALL_ROWS } from '../sqlite/apart.ts';
import type { RowCopy } from '../sqlite/copy-rows.ts';
import { isRefusal } from '../sqlite/engine-error.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { replaySchema } from '../sqlite/replay-schema.ts';
import * as storedTexts from '../sqlite/stored-texts.ts';
import { Unsorted } from '../sqlite/unsorted.ts';
import { breather } from '../util/breathe.ts';
import { foldName } from '../util/fold-name.ts';
import { quoteName } from '../util/sql.ts';
import { type DroppedRows, warnOfDangling } from './check-foreign-keys.ts';
import type { Desired } from './desired.ts';
import { NOTHING_REPORTED, RowInserter } from './insert-rows.ts';
import { AssetResolver, namesOf } from './resolve-assets.ts';
import { Workbench } from './workbench.ts';

/** After so many rows, others may have a turn. */
const GROUP_ROWS = 64;
/** The same where rows have files: threads are woken for many small ones at a time. */
const GROUP_ROWS_WITH_FILES = 512;
/** Of these, as many are put in at a time, while the files of the others are measured. */
const FLUSHED_ROWS = 128;
/** About the size of a small row, to guess from a file's size how many it holds. */
const SMALL_ROW_BYTES = 50;

export interface BuildInput {
  readonly source: Source;
  /** The scope as the target has it, in the source's order. */
  readonly tables: readonly Table[];
  readonly assetColumns: Readonly<Record<string, AssetColumns>>;
  readonly assetStore: AssetStore;
  readonly ledger: ReadonlyMap<string, LedgerEntry>;
  /** Path of the SQLite file to make. */
  readonly file: string;
}

/** @throws SOURCE_INVALID or ASSET_INVALID with every problem that was found */
export async function buildDesired(input: BuildInput, run: Run): Promise<Desired> {
  const database = LocalDatabase.scratch(input.file);
  try {
    replaySchema(database, input.tables, 'unique');
    // A statement that puts in many rows must leave none of them when it fails, which takes a journal.
    database.exec('PRAGMA journal_mode=MEMORY');
    using resolver = new AssetResolver(input.assetStore, input.ledger, run.signal);
    using unsorted = new Unsorted(database);
    using bench = new Workbench(input.file, run.signal);
    let rowCount = 0;
    const dropped: DroppedRows = new Map();
    const problems: Problem[] = [];
    const keptColumns: Desired['keptColumns'][number][] = [];
    for (const [index, table] of input.tables.entries()) {
      const sourceTable = input.source.tables[index] as SourceTable;
      const columns = assetColumnsOf(input, table.name);
      const copied = columns ? undefined : await copyStored(database, sourceTable, table, bench, run.signal);
      const inserter = new RowInserter(database, table, unsorted);
      if (copied === undefined) {
        database.exec('BEGIN');
        await insertTable(sourceTable, table, inserter, resolver, columns, run);
        inserter.flush();
        database.exec('COMMIT');
        await copyUnsorted(database, inserter, bench);
      }
      const count = copied ?? inserter.count;
      rowCount += count;
      dropped.set(foldName(table.name), inserter.dropped);
      problems.push(...inserter.problems, ...countProblem(sourceTable, count));
      const filled = copied === undefined ? inserter.filledColumns : namesIn(sourceTable.stored);
      const kept = columnsToKeep(table, filled, input.source);
      if (kept.length > 0) keptColumns.push({ table, columns: kept });
    }
    database.exec('PRAGMA journal_mode=OFF');
    if (input.source.hasMoved?.()) throw movedSource(input);
    const dangling = await bench.for(rowCount).call('checkForeignKeys', input.tables, dropped);
    if (input.source.isBackup) warnOfDangling(dangling, run);
    else problems.push(...dangling);
    if (problems.length > 0) throw invalidSource(input, problems);
    return { database, tables: input.tables, rowCount, assets: resolver.assets, keptColumns };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Rows that lie in a file are copied as a whole; undefined when they do not, or when the engine refuses one of them. */
async function copyStored(
  database: LocalDatabase,
  { stored }: SourceTable,
  table: Table,
  bench: Workbench,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (stored === undefined) return undefined;
  const writable = new Set(storedColumns(table).map(({ name }) => foldName(name)));
  // Others are generated ones, which the engine computes, or unknown ones, which are reported row by row.
  if (!stored.columns.every((name) => writable.has(foldName(name)))) return undefined;
  const columns = stored.columns.map((name) => ({ from: name, to: name }));
  const rows = statSync(stored.file).size / SMALL_ROW_BYTES;
  using texts = openApart(
    storedTexts.open,
    storedTexts.module,
    { file: stored.file, table: stored.table, columns: stored.columns },
    { heavy: rows > SMALL_ROWS, signal },
  );
  const copy = { fromFile: stored.file, fromTable: stored.table, columns, table };
  // Side by side. Copying does not mind what a text is made of.
  const [areUtf8, copied] = await Promise.all([texts.call('areUtf8'), copyOrRefuse(bench.for(rows), copy)]);
  if (areUtf8) return copied;
  database.exec(`DELETE FROM ${quoteName(table.name)}`);
  return undefined;
}

/** The engine refuses all of them if it refuses one; then they are put in one by one, which finds out which. */
async function copyUnsorted(database: LocalDatabase, inserter: RowInserter, bench: Workbench): Promise<void> {
  if (inserter.unsorted === undefined) return;
  if ((await copyOrRefuse(bench.for(inserter.count), inserter.unsorted)) !== undefined) return;
  database.exec('BEGIN');
  await inserter.insertUnsorted();
  database.exec('COMMIT');
}

async function copyOrRefuse(bench: ReturnType<Workbench['for']>, copy: RowCopy): Promise<number | undefined> {
  try {
    return await bench.call('copyRows', copy);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return undefined;
  }
}

function namesIn(stored: SourceTable['stored']): ReadonlySet<string> {
  return new Set(stored?.columns.map(foldName));
}

async function insertTable(
  sourceTable: SourceTable,
  table: Table,
  inserter: RowInserter,
  resolver: AssetResolver,
  columns: AssetColumns | undefined,
  run: Run,
): Promise<void> {
  const breathe = breather();
  const pause = () => {
    run.emit({
      kind: 'stage-progress',
      stage: 'build',
      done: inserter.count,
      total: undefined,
      unit: 'rows',
    });
    return breathe();
  };
  const rows = sourceTable.rows(table);
  if (columns) await insertWithFiles(rows, inserter, resolver, columns, pause, run.signal);
  else await insertPlain(rows, inserter, pause, run.signal);
}

/** Row by row, without waiting for anything but rows that come slowly: a promise for each of a million rows takes its time. */
async function insertPlain(
  rows: Iterable<SourceRow> | AsyncIterable<SourceRow>,
  inserter: RowInserter,
  pause: () => Promise<void> | undefined,
  signal: AbortSignal,
): Promise<void> {
  const insert = (row: SourceRow) => {
    signal.throwIfAborted();
    insertRow(row, row.values, inserter);
    return inserter.count % GROUP_ROWS === 0 ? pause() : undefined;
  };
  if (Symbol.iterator in rows) {
    for (const row of rows) {
      const pausing = insert(row);
      if (pausing) await pausing;
    }
  } else {
    for await (const row of rows) await insert(row);
  }
  await pause();
}

/** While the older half of a group is put in, the files of the younger one are measured. */
async function insertWithFiles(
  rows: Iterable<SourceRow> | AsyncIterable<SourceRow>,
  inserter: RowInserter,
  resolver: AssetResolver,
  columns: AssetColumns,
  pause: () => Promise<void> | undefined,
  signal: AbortSignal,
): Promise<void> {
  let group: SourceRow[] = [];
  const flush = async (kept: number) => {
    const rest = group.splice(group.length - kept);
    for (const row of group)
      insertRow(
        row,
        row.isBroken ? row.values : await resolver.resolve(columns, row.values),
        inserter,
        columns,
      );
    group = rest;
    await pause();
  };
  for await (const row of rows) {
    signal.throwIfAborted();
    resolver.prefetch(columns, row.values);
    group.push(row);
    if (group.length === GROUP_ROWS_WITH_FILES) await flush(GROUP_ROWS_WITH_FILES - FLUSHED_ROWS);
  }
  await flush(0);
}

/** @param resolved its values with those of its files, or what is wrong with a file */
function insertRow(
  { values, problems, isBroken, place }: SourceRow,
  resolved: ReadonlyMap<string, SqlValue> | RowProblem,
  inserter: RowInserter,
  columns: AssetColumns = [],
): void {
  const position = inserter.count + 1;
  for (const problem of problems) inserter.report(values, problem, position);
  if (isBroken) {
    inserter.drop(values);
    return;
  }
  const reported = problems.length > 0 ? new Set(problems.map(({ column }) => column)) : NOTHING_REPORTED;
  if (!('message' in resolved)) {
    inserter.insert(resolved, reported, place);
    return;
  }
  inserter.report(values, withPlace(resolved, place), position);
  // Inserted all the same, so that rows which refer to it are not reported as dangling.
  // What the file would have filled is not missing on its own account.
  inserter.insert(values, new Set([...reported, ...namesOf(columns)]), place);
}

function countProblem(table: SourceTable, count: number): Problem[] {
  if (table.expectedRows === undefined || table.expectedRows === count) return [];
  return [
    {
      table: table.name,
      row: 'all rows',
      message: `number ${count}, and ${table.expectedRows} were expected`,
    },
  ];
}

function columnsToKeep(table: Table, filled: ReadonlySet<string>, { isBackup = false }: Source): string[] {
  return storedColumns(table)
    .filter(({ name }) => !filled.has(foldName(name)))
    .filter(({ default: sql }) => isBackup || (sql !== null && mayVary(sql)))
    .filter(({ name }) => !table.key.includes(name))
    .map(({ name }) => name);
}

/** A default that calls a function (`CURRENT_DATE` is one) may have another value each time; text in quotes does not. */
function mayVary(defaultSql: string): boolean {
  return /\bCURRENT_|\(/i.test(defaultSql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "''"));
}

function assetColumnsOf({ assetColumns }: BuildInput, table: string): AssetColumns | undefined {
  return Object.entries(assetColumns).find(([name]) => foldName(name) === foldName(table))?.[1];
}

/** Its tables were read one after the other, and perhaps from two states. */
function movedSource({ source }: BuildInput): OverseedError {
  return new OverseedError('SOURCE_INVALID', {
    what: `Somebody has written to ${source.label} while it was read.`,
    state: 'old',
    next: 'Run the same command again when nobody writes to it, or push a copy of it.',
  });
}

function invalidSource(input: BuildInput, problems: readonly Problem[]): OverseedError {
  const aboutFiles = problems.every(
    ({ table, column }) =>
      column !== undefined && assetColumnsOf(input, table)?.some(({ path }) => path === column),
  );
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new OverseedError(aboutFiles ? 'ASSET_INVALID' : 'SOURCE_INVALID', {
    what: `${input.source.label} has ${count}:\n${listProblems(problems)}`,
    state: 'old',
    next: problems.length === 1 ? 'Correct it, then run this again.' : 'Correct them, then run this again.',
  });
}
