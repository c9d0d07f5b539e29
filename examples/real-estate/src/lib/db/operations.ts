import { OverseedError } from 'overseed';
import { databaseCheck } from 'overseed/astro';

/** Prints whether the database answers and accepts our token, and returns it. */
export function validateDatabaseConnection(isRemote: boolean): Promise<boolean> {
  return databaseCheck({ remote: isRemote });
}

export type FailureCategory = 'input' | 'connection' | 'permission' | 'media' | 'conflict' | 'unknown';

/** What kind of failure this is, for whoever decides what to do about it. */
export function categorizeError(error: unknown): FailureCategory {
  if (!(error instanceof OverseedError)) return 'unknown';
  switch (error.code) {
    case 'BAD_FLAG':
    case 'CONFIG_INVALID':
    case 'SOURCE_INVALID':
    case 'SCHEMA_MISSING':
    case 'ASSET_INVALID':
      return 'input';
    case 'TARGET_UNREACHABLE':
    case 'TARGET_BUSY':
    case 'OUTCOME_UNKNOWN':
      return 'connection';
    case 'TARGET_AUTH':
    case 'STORE_AUTH':
      return 'permission';
    case 'ASSETS_FAILED':
      return 'media';
    case 'TARGET_MOVED':
      return 'conflict';
    default:
      return 'unknown';
  }
}

/**
 * Runs `operation`; when it fails, runs `rollback` and rethrows. The rows of a push need no rollback, since they
 * change in one transaction or not at all: it is for what happens around one. Both errors are kept if both fail.
 */
export async function executeAtomicTransaction<T>(
  operation: () => Promise<T>,
  rollback: () => Promise<void>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    await rollback().catch((second: unknown) => {
      throw new AggregateError([error, second], 'The operation failed, and so did its rollback.');
    });
    throw error;
  }
}
