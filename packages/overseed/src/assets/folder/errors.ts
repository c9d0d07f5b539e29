/** What the file system's refusals mean for an asset. */
import { messageOf } from '../../model/error.ts';
import { StoreError } from '../asset-store.ts';

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'it is read-only',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENAMETOOLONG: 'a name is too long',
};

/** Those after which another attempt may succeed. */
const PASSING = new Set(['EMFILE', 'ENFILE', 'EBUSY', 'EAGAIN', 'ETXTBSY']);

/** @param label the folder, as people see it */
export function toStoreError(error: unknown, label: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  const words = WORDS[code];
  return new StoreError(`${label}: ${words ? `${words} (${code})` : messageOf(error)}`, {
    kind: PASSING.has(code) ? 'passing' : 'permanent',
    cause: error,
  });
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
