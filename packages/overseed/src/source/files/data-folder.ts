/** A folder of files as a source: each file is a table, and is called like it. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, OverseedError } from '../../model/error.ts';
import type { Table } from '../../model/schema.ts';
import { foldName } from '../../util/fold-name.ts';
import { scriptRows } from '../script/script-rows.ts';
import type { Source, SourceRow, SourceTable } from '../source.ts';
import { csvRows } from './csv.ts';
import { jsonArrayRows } from './json-array.ts';
import { unreadable } from './json-row.ts';
import { ndjsonRows } from './ndjson.ts';
import { NotUtf8 } from './read-text.ts';

export interface FolderOptions {
  readonly path: string;
  /** As people wrote it. */
  readonly label: string;
  /** Stands between the cells of `.csv` files. */
  readonly delimiter: string;
}

type Reader = (file: string, name: string, table: Table, options: FolderOptions) => AsyncIterable<SourceRow>;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['.ndjson', ndjsonRows],
  ['.jsonl', ndjsonRows],
  ['.json', jsonArrayRows],
  ['.csv', (file, name, table, { delimiter }) => csvRows(file, name, table, delimiter)],
  ['.sql', scriptRows],
]);

/** @throws SOURCE_INVALID when there is no such folder, no table in it, or one table twice */
export async function openDataFolder(options: FolderOptions): Promise<Source> {
  const names = await readdir(options.path).catch((cause: unknown) => {
    throw invalid(
      `The folder ${options.label} cannot be read: ${messageOf(cause)}.`,
      'Check the path.',
      cause,
    );
  });
  // Hidden files (.DS_Store, the half-written ones of editors) are nobody's data.
  const files = names
    .filter((name) => !name.startsWith('.') && READERS.has(path.extname(name).toLowerCase()))
    .sort();
  if (files.length === 0) {
    const formats = [...READERS.keys()].join(', ');
    throw invalid(`${options.label} holds no table.`, `Put one file for each table there: ${formats}.`);
  }
  refuseTwins(files, options.label);
  return { label: options.label, tables: files.map((name) => toTable(name, options)) };
}

function toTable(name: string, options: FolderOptions): SourceTable {
  const extension = path.extname(name);
  const read = READERS.get(extension.toLowerCase()) as Reader;
  return {
    name: path.basename(name, extension),
    columns: undefined,
    rows: (table) => readable(read(path.join(options.path, name), name, table, options), name),
  };
}

async function* readable(rows: AsyncIterable<SourceRow>, name: string): AsyncGenerator<SourceRow> {
  try {
    yield* rows;
  } catch (error) {
    if (error instanceof NotUtf8) yield unreadable(error.message, name);
    else if (error instanceof Error && 'syscall' in error)
      yield unreadable(`cannot be read: ${messageOf(error)}`, name);
    else throw error;
  }
}

function refuseTwins(files: readonly string[], label: string): void {
  const byTable = Map.groupBy(files, (name) => foldName(path.basename(name, path.extname(name))));
  const twins = [...byTable.values()].filter((same) => same.length > 1);
  if (twins.length === 0) return;
  const lines = twins.map((same) => `  ${same.join(', ')}`).join('\n');
  throw invalid(`${label} holds several files for one table:\n${lines}`, 'Keep one file for each table.');
}

function invalid(what: string, next: string, cause?: unknown): OverseedError {
  return new OverseedError('SOURCE_INVALID', { what, state: 'not-contacted', next, cause });
}
