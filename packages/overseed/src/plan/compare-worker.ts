/** Runs in a thread of its own: the comparison of large files takes seconds, during which Ctrl-C wants an answer. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Table } from '../model/schema.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { compareTables } from './compare-tables.ts';
import type { ComparisonResult } from './comparison.ts';

export interface CompareTask {
  readonly desiredFile: string;
  readonly actualFile: string;
  readonly changesFile: string;
  readonly tables: readonly Table[];
}

const { desiredFile, actualFile, changesFile, tables } = workerData as CompareTask;
using database = LocalDatabase.scratch(desiredFile);
using comparison = compareTables(database, tables, actualFile, changesFile);
const result: ComparisonResult = { scope: comparison.scope, tables: comparison.tables };
parentPort?.postMessage(result);
