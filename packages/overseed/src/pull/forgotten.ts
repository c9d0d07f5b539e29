import { OverseedError } from '../model/error.ts';
import type { SnapshotLost } from '../target/target.ts';

/** What a pull says when the target lost its read transaction each time. */
export function forgotten(label: string, times: number, error: SnapshotLost): OverseedError {
  return new OverseedError('TARGET_UNREACHABLE', {
    what: `${label} forgot ${times} times what it was being read for: ${error.message}.`,
    state: 'old',
    next: 'It was restarted, or the connection is too slow for it: run the same command again.',
    cause: error,
  });
}
