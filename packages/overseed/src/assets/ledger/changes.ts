/**
 * What is written into the ledger, and when. The rule behind all of it: whatever a crash leaves behind, an asset that rows
 * use is never taken for unused, and one that may be in the store is never forgotten.
 *
 * - Before the first upload, every asset to be stored is entered as meant ({@link enterMeant}).
 * - In the batch that changes the rows, one short statement makes them stored and used ({@link confirmStored}), whatever
 *   their number, and another starts the clock of those that rows no longer use ({@link startClock}).
 * - An asset that is in use stays as it is, run after run: nothing is written for what does not change.
 */
import type { Asset } from '../../model/asset.ts';
import type { Statement } from '../../target/target.ts';
import { chunksOf } from '../../util/chunks.ts';
import { NOW_MS } from '../../util/sql.ts';
import { LEDGER_TABLE } from './ledger.ts';

const ASSETS_A_STATEMENT = 2_000;
const HASHES = '(SELECT value FROM json_each(?))';

/** Idempotent. Run these before the first upload. */
export function enterMeant(assets: readonly Asset[], store: string, runId: string): Statement[] {
  return [...chunksOf(assets, ASSETS_A_STATEMENT)].map((chunk) => ({
    sql: `INSERT INTO ${LEDGER_TABLE}
            (hash, store, public_id, etag, bytes, width, height, format, last_run, first_run, stored, unused_since)
          SELECT value->>0, ?, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, ?, ?, 0, ${NOW_MS}
          FROM json_each(?) WHERE true
          ON CONFLICT (hash, store) DO UPDATE SET public_id=excluded.public_id, etag=excluded.etag,
            bytes=excluded.bytes, width=excluded.width, height=excluded.height, format=excluded.format,
            last_run=excluded.last_run, stored=0, unused_since=excluded.unused_since`,
    args: [store, runId, runId, JSON.stringify(chunk.map(toCells))],
  }));
}

function toCells(asset: Asset): (string | number)[] {
  const { hash, publicId, etag, sizeBytes, width, height, format } = asset;
  return [hash, publicId, etag, sizeBytes, width, height, format];
}

/** What a store has made of assets that it transforms on arrival; before {@link confirmStored}. */
export function amendStored(assets: readonly Asset[], store: string, runId: string): Statement[] {
  return [...chunksOf(assets, ASSETS_A_STATEMENT)].map((chunk) => ({
    sql: `UPDATE ${LEDGER_TABLE} SET etag=v.value->>2, bytes=v.value->>3, width=v.value->>4, height=v.value->>5
          FROM json_each(?) AS v WHERE store=? AND last_run=? AND hash=v.value->>0`,
    args: [JSON.stringify(chunk.map(toCells)), store, runId],
  }));
}

/** Everything that `runId` has entered as meant is stored, and rows use it. Belongs into the batch with those rows. */
export function confirmStored(store: string, runId: string): Statement {
  return {
    sql: `UPDATE ${LEDGER_TABLE} SET stored=1, unused_since=NULL WHERE store=? AND last_run=? AND stored=0`,
    args: [store, runId],
  };
}

/** After a run that failed: these are proved to be stored, though no row uses them. */
export function recordStored(hashes: readonly string[], store: string, runId: string): Statement[] {
  return [...chunksOf(hashes, ASSETS_A_STATEMENT)].map((chunk) => ({
    sql: `UPDATE ${LEDGER_TABLE} SET stored=1 WHERE store=? AND last_run=? AND hash IN ${HASHES}`,
    args: [store, runId, JSON.stringify(chunk)],
  }));
}

/** Rows use these again. Too early is harmless: the clock of one that they do not use is started by the next prune. */
export function stopClock(hashes: readonly string[], store: string, runId: string): Statement[] {
  return [...chunksOf(hashes, ASSETS_A_STATEMENT)].map((chunk) => ({
    sql: `UPDATE ${LEDGER_TABLE} SET unused_since=NULL, last_run=? WHERE store=? AND hash IN ${HASHES}`,
    args: [runId, store, JSON.stringify(chunk)],
  }));
}

/** Rows no longer use these; the grace period begins. */
export function startClock(hashes: readonly string[], store: string, runId: string): Statement[] {
  return [...chunksOf(hashes, ASSETS_A_STATEMENT)].map((chunk) => ({
    sql: `UPDATE ${LEDGER_TABLE} SET unused_since=${NOW_MS}, last_run=?
          WHERE store=? AND unused_since IS NULL AND hash IN ${HASHES}`,
    args: [runId, store, JSON.stringify(chunk)],
  }));
}

/** Hashes of what `runId` meant to store, as long as no row uses it and no later run has entered it again. */
export function meantQuestion(store: string, runId: string): Statement {
  return {
    sql: `SELECT hash FROM ${LEDGER_TABLE} WHERE store=? AND last_run=? AND stored=0`,
    args: [store, runId],
  };
}

/** These are about to be removed from the store: from now on nobody may count on them. */
export function distrust(hashes: readonly string[], store: string, runId: string): Statement {
  return {
    sql: `UPDATE ${LEDGER_TABLE} SET stored=0, last_run=? WHERE store=? AND hash IN ${HASHES}`,
    args: [runId, store, JSON.stringify(hashes)],
  };
}

/** These are gone from the store. */
export function forget(hashes: readonly string[], store: string): Statement {
  return {
    sql: `DELETE FROM ${LEDGER_TABLE} WHERE store=? AND hash IN ${HASHES}`,
    args: [store, JSON.stringify(hashes)],
  };
}
