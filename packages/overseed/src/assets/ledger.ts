/** The ledger on the target: which assets were uploaded where. Any machine that reads it need not ask the store. */
import type { Asset, LedgerEntry } from '../model/asset.ts';
import type { SqlValue } from '../model/value.ts';
import { bindRows } from '../sqlite/bind.ts';
import type { Statement } from '../target/target.ts';
import { chunksOf } from '../util/chunks.ts';

export const LEDGER_TABLE = '_overseed_assets';

const CREATE: Statement = {
  sql: `CREATE TABLE IF NOT EXISTS ${LEDGER_TABLE} (
    hash TEXT NOT NULL, store TEXT NOT NULL, public_id TEXT NOT NULL, etag TEXT NOT NULL, bytes INTEGER NOT NULL,
    width INTEGER NOT NULL, height INTEGER NOT NULL, format TEXT NOT NULL, run TEXT NOT NULL,
    PRIMARY KEY (hash, store)) WITHOUT ROWID`,
};

/** Asks what is known of `store`; see {@link toLedger}. */
export function ledgerQuestion(store: string): Statement {
  return { sql: `SELECT hash, public_id, etag, bytes FROM ${LEDGER_TABLE} WHERE store=?`, args: [store] };
}

/** The answer to {@link ledgerQuestion}, by content hash. */
export function toLedger(rows: readonly SqlValue[][], store: string): Map<string, LedgerEntry> {
  return new Map(
    rows.map(([hash, publicId, etag, bytes]) => [
      String(hash),
      { hash: String(hash), publicId: String(publicId), store, etag: String(etag), sizeBytes: Number(bytes) },
    ]),
  );
}

/** Statements that enter `assets`; meant for the apply batch, so that ledger and rows agree. */
export function ledgerStatements(assets: readonly Asset[], store: string, runId: string): Statement[] {
  if (assets.length === 0) return [];
  const inserts = [...chunksOf(assets, 1_000)].map((chunk) => {
    const args: SqlValue[] = [];
    const values = bindRows(
      chunk.map((a) => [
        a.hash,
        store,
        a.publicId,
        a.etag,
        BigInt(a.sizeBytes),
        BigInt(a.width),
        BigInt(a.height),
        a.format,
        runId,
      ]),
      args,
    );
    return {
      sql: `INSERT INTO ${LEDGER_TABLE} (hash, store, public_id, etag, bytes, width, height, format, run)
            VALUES ${values} ON CONFLICT (hash, store) DO UPDATE SET public_id=excluded.public_id, etag=excluded.etag,
              bytes=excluded.bytes, width=excluded.width, height=excluded.height, run=excluded.run`,
      args,
    };
  });
  return [CREATE, ...inserts];
}
