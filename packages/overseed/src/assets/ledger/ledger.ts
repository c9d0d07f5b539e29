/**
 * The ledger on the target: which assets were meant to be stored where, which of them are, and which no row uses any
 * more. Any machine that reads it need not ask the store; and what it does not name, nobody may remove from there.
 */
import type { LedgerEntry } from '../../model/asset.ts';
import { OverseedError } from '../../model/error.ts';
import type { SqlValue } from '../../model/value.ts';
import type { Statement } from '../../target/target.ts';
import { NOW_MS } from '../../util/sql.ts';

export const LEDGER_TABLE = '_overseed_assets';

/** 0: there is none. 1: made by version 0.1, which knew only of assets that rows use. 2: this one. */
export type LedgerVersion = 0 | 1 | 2;

export interface Ledger {
  readonly version: LedgerVersion;
  /** By content hash. */
  readonly entries: ReadonlyMap<string, LedgerEntry>;
}

/** Asks for the columns, which say what version it is. */
export const ledgerColumnsQuestion: Statement = {
  sql: 'SELECT name FROM pragma_table_info(?)',
  args: [LEDGER_TABLE],
};

/** @throws SCHEMA_UNSUPPORTED when it was made by a later version than this one */
export function ledgerVersion(columns: readonly SqlValue[][], targetLabel: string): LedgerVersion {
  const names = new Set(columns.map(([name]) => String(name)));
  if (names.size === 0) return 0;
  if (['last_run', 'first_run', 'stored', 'unused_since'].every((name) => names.has(name))) return 2;
  if (names.has('run')) return 1;
  throw new OverseedError('SCHEMA_UNSUPPORTED', {
    what: `The ledger of images on ${targetLabel} (${LEDGER_TABLE}) was made by a newer Overseed.`,
    state: 'old',
    next: 'Update Overseed, then run this again.',
  });
}

/** The statement that brings a ledger up to date from `version`; each in a list to be run in one transaction. */
export function ledgerUpgrade(version: LedgerVersion): Statement[] {
  if (version === 2) return [];
  if (version === 1) {
    return [
      { sql: `ALTER TABLE ${LEDGER_TABLE} RENAME COLUMN run TO last_run` },
      { sql: `ALTER TABLE ${LEDGER_TABLE} ADD COLUMN first_run TEXT NOT NULL DEFAULT ''` },
      { sql: `ALTER TABLE ${LEDGER_TABLE} ADD COLUMN stored INTEGER NOT NULL DEFAULT 1` },
      { sql: `ALTER TABLE ${LEDGER_TABLE} ADD COLUMN unused_since INTEGER` },
      { sql: `UPDATE ${LEDGER_TABLE} SET first_run=last_run` },
    ];
  }
  return [
    {
      sql: `CREATE TABLE IF NOT EXISTS ${LEDGER_TABLE} (
        hash TEXT NOT NULL, store TEXT NOT NULL, public_id TEXT NOT NULL, etag TEXT NOT NULL, bytes INTEGER NOT NULL,
        width INTEGER NOT NULL, height INTEGER NOT NULL, format TEXT NOT NULL, last_run TEXT NOT NULL,
        first_run TEXT NOT NULL, stored INTEGER NOT NULL, unused_since INTEGER,
        PRIMARY KEY (hash, store)) WITHOUT ROWID`,
    },
  ];
}

/** Entries that one answer carries; some 3 MB. */
export const ENTRIES_A_PAGE = 10_000;

/** The entries of `store` after `hash`, in the order of their hashes. */
export function entriesQuestion(
  version: LedgerVersion,
  { store, after = '' }: { store: string; after?: string },
): Statement {
  const isNew = version === 2;
  return {
    sql: `SELECT hash, public_id, etag, bytes, format, ${isNew ? 'stored' : '1'},
          ${isNew ? `${NOW_MS}-unused_since` : 'NULL'} FROM ${LEDGER_TABLE}
          WHERE store=? AND hash>? ORDER BY hash LIMIT ${ENTRIES_A_PAGE}`,
    args: [store, after],
  };
}

/** Other stores that the ledger names, each with the number of its entries. */
export function otherStoresQuestion(store: string): Statement {
  return {
    sql: `SELECT store, count(*) FROM ${LEDGER_TABLE} WHERE store<>? GROUP BY store ORDER BY store`,
    args: [store],
  };
}

export function toEntry(
  [hash, publicId, etag, bytes, format, stored, unusedForMs]: readonly SqlValue[],
  store: string,
): LedgerEntry {
  return {
    hash: String(hash),
    publicId: String(publicId),
    store,
    etag: String(etag),
    sizeBytes: Number(bytes),
    format: String(format),
    stored: stored === 1n,
    unusedForMs: typeof unusedForMs === 'bigint' ? Math.max(0, Number(unusedForMs)) : undefined,
  };
}
