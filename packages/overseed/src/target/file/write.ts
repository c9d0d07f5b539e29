/** One transaction on a file that other programs may have open. */
import { messageOf } from '../../model/error.ts';
import { isBusy } from '../../sqlite/engine-error.ts';
import type { LocalDatabase } from '../../sqlite/local-database.ts';
import { wait } from '../../util/wait.ts';
import { type Statement, StepFailed, type WriteOptions, type WriteReceipt } from '../target.ts';
import { concernsFile, notWritable, type TargetFile } from './errors.ts';
import { whenFree } from './locks.ts';
import { requireMark } from './mark.ts';

/** How long to wait for a writer, or for readers of a file without WAL; whoever asks for a transaction asks again. */
const PATIENCE_MS = 3_000;
/**
 * Without WAL, a COMMIT waits until all readers are done and lets no new one in meanwhile. So that the site does not
 * stand still, it waits this long at most; then everybody gets a chance, and the transaction is begun again.
 */
const COMMIT_MS = 200;
const LET_IN_MS = 250;

/** @param database a connection of its own, with foreign keys off, that waits for nothing by itself */
export async function writeSteps(
  database: LocalDatabase,
  target: TargetFile,
  steps: readonly Statement[],
  signal: AbortSignal,
  options: WriteOptions = {},
): Promise<WriteReceipt> {
  const work = () => transaction(database, target, steps, signal, options);
  try {
    return await whenFree(work, PATIENCE_MS, signal);
  } catch (error) {
    throw isBusy(error) ? notWritable(error, target) : error;
  }
}

/** @throws EngineError when the file is busy: nothing is open then, and nothing changed */
async function transaction(
  database: LocalDatabase,
  target: TargetFile,
  steps: readonly Statement[],
  signal: AbortSignal,
  { since }: WriteOptions,
): Promise<WriteReceipt> {
  try {
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    throw isBusy(error) ? error : notWritable(error, target);
  }
  try {
    if (since) requireMark(database, since);
    const receipt = runSteps(database, target, steps);
    await commit(database, target, signal);
    return receipt;
  } finally {
    // Some errors end the transaction by themselves.
    if (database.inTransaction) database.exec('ROLLBACK');
  }
}

function runSteps(database: LocalDatabase, target: TargetFile, steps: readonly Statement[]): WriteReceipt {
  const results: WriteReceipt['results'][number][] = [];
  let rowsWritten = 0;
  for (const [index, { sql, args = [] }] of steps.entries()) {
    try {
      const { rows, changes } = database.execute(sql, args);
      results.push(rows);
      rowsWritten += changes;
    } catch (error) {
      if (isBusy(error)) throw error;
      throw concernsFile(error) ? notWritable(error, target) : new StepFailed(index, messageOf(error));
    }
  }
  return { results, rowsWritten };
}

async function commit(database: LocalDatabase, target: TargetFile, signal: AbortSignal): Promise<void> {
  try {
    await whenFree(() => database.exec('COMMIT'), COMMIT_MS, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    if (!isBusy(error)) throw notWritable(error, target).withState('unknown');
    database.exec('ROLLBACK');
    await wait(LET_IN_MS, signal);
    throw error;
  }
}
