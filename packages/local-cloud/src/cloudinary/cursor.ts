/**
 * Cursors for lists. A cursor remembers the last item shown, not a position, so deleting items while a client walks
 * through a list makes it skip nothing and repeat nothing.
 */
import { createHash } from 'node:crypto';
import { ApiError } from './api-error.ts';

const fingerprintOf = (query: string) => createHash('sha256').update(query).digest('hex').slice(0, 16);

/** @param query what the list is of; the cursor is refused for any other */
function toCursor(query: string, last: string): string {
  return Buffer.from(`${fingerprintOf(query)}${last}`).toString('hex');
}

/** @throws ApiError 400 for a cursor that this list did not give */
function fromCursor(query: string, cursor: string): string {
  const text = Buffer.from(cursor, 'hex').toString('utf8');
  const fingerprint = fingerprintOf(query);
  if (!text.startsWith(fingerprint)) throw new ApiError(400, 'Invalid value for parameter next_cursor');
  return text.slice(fingerprint.length);
}

/** One page of `items`, which may come in any order; `keyOf` must tell them apart. */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { query, cursor, size, order = 'ascending' }: PageRequest,
): { items: Item[]; next: { next_cursor?: string } } {
  const sign = order === 'ascending' ? 1 : -1;
  const compare = (a: string, b: string) => (a < b ? -sign : a > b ? sign : 0);
  const after = cursor === undefined ? undefined : fromCursor(query, cursor);
  const rest = items
    .filter((item) => after === undefined || compare(keyOf(item), after) > 0)
    .sort((a, b) => compare(keyOf(a), keyOf(b)));
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return {
    items: page,
    next: last && rest.length > page.length ? { next_cursor: toCursor(query, keyOf(last)) } : {},
  };
}

export interface PageRequest {
  /** What the list is of. */
  readonly query: string;
  readonly cursor: string | undefined;
  readonly size: number;
  readonly order?: 'ascending' | 'descending';
}
