/** What a push meets: the schema of the target, the tables in scope, and the files that the target knows. */
import { LEDGER_TABLE } from '../assets/ledger/ledger.ts';
import { checkAssetColumns } from '../desired/check-asset-columns.ts';
import { checkFollowers, checkSchema } from '../desired/check-schema.ts';
import type { Run } from '../model/run.ts';
import type { Schema, Table } from '../model/schema.ts';
import { type SearchIndex, searchIndexesOf } from '../plan/search-indexes.ts';
import { type LedgerReading, readLedger } from '../pull/read-ledger.ts';
import { readSchema } from '../target/read-schema.ts';
import type { Parts } from './parts.ts';

export interface Prepared {
  readonly schema: Schema;
  readonly searchIndexes: readonly SearchIndex[];
  /** The tables of the source, in its order. */
  readonly tables: readonly Table[];
  /** Tables that may follow them. */
  readonly followers: readonly Table[];
  /** All of them. */
  readonly scope: readonly Table[];
  /** As it is before anything is built; undefined when the target has none. */
  readonly ledger: LedgerReading | undefined;
}

/** @throws SCHEMA_MISSING, SCHEMA_UNSUPPORTED, CONFIG_INVALID */
export async function prepare(
  { source, target, assetStore, assetColumns, howToMigrate, allowCascade = [] }: Parts,
  run: Run,
): Promise<Prepared> {
  const schema = await readSchema(target, run.signal);
  const tables = checkSchema(source, schema, target.label, howToMigrate);
  checkAssetColumns(assetColumns, tables, source.label);
  const followers = checkFollowers(allowCascade, tables, schema, target.label);
  const scope = [...tables, ...followers];
  const searchIndexes = searchIndexesOf(schema, scope, target.label);
  const ledger = schema.otherThings.has(LEDGER_TABLE)
    ? await readLedger(target, assetStore.name, run.signal)
    : undefined;
  return { schema, searchIndexes, tables, followers, scope, ledger };
}
