/** Whether another connection has written to a file since: SQLite tells each of them. */
import type { LocalDatabase } from '../../sqlite/local-database.ts';
import { type Mark, MarkLost } from '../target.ts';
import { notReadable, type TargetFile } from './errors.ts';
import { whenFree } from './locks.ts';

/** How long to wait for a program that writes to a file without WAL. */
const PATIENCE_MS = 15_000;

/** @param database the connection that writes */
export async function markFile(
  database: LocalDatabase,
  target: TargetFile,
  signal: AbortSignal,
): Promise<Mark> {
  try {
    const dataVersion = await whenFree(() => dataVersionOf(database), PATIENCE_MS, signal);
    return { connection: database, dataVersion };
  } catch (error) {
    throw signal.aborted ? error : notReadable(error, target);
  }
}

/** To be called inside the transaction, where nobody else can commit any more. @throws MarkLost */
export function requireMark(database: LocalDatabase, mark: Mark): void {
  if (mark.connection !== database) throw new MarkLost('it was set by another connection');
  if (mark.dataVersion !== dataVersionOf(database)) throw new MarkLost('somebody else has written');
}

function dataVersionOf(database: LocalDatabase): number {
  return database.count('PRAGMA data_version');
}
