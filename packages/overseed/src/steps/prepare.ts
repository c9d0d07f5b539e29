/** The source's side: the schema it meets, and the desired database. */
import { LEDGER_TABLE } from '../assets/ledger/ledger.ts';
import { buildDesired } from '../desired/build-desired.ts';
import { checkFollowers, checkSchema } from '../desired/check-schema.ts';
import type { Desired } from '../desired/desired.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Schema, Table } from '../model/schema.ts';
import { type SearchIndex, searchIndexesOf } from '../plan/search-indexes.ts';
import { type LedgerReading, readLedger } from '../pull/read-ledger.ts';
import { readSchema } from '../target/read-schema.ts';
import { countOf } from '../util/count-of.ts';
import type { ScratchFolder } from '../util/scratch-folder.ts';
import type { Parts } from './parts.ts';

export interface Prepared extends Disposable {
  readonly schema: Schema;
  readonly searchIndexes: readonly SearchIndex[];
  /** What the source makes, and the tables that may follow it. */
  readonly desired: Desired;
  readonly followers: readonly Table[];
  /** As it was before anything was built; undefined when the target had none then. */
  readonly ledger: LedgerReading | undefined;
}

/** @throws SCHEMA_MISSING, SCHEMA_UNSUPPORTED, SOURCE_INVALID, ASSET_INVALID */
export async function prepare(
  { source, target, assetStore, assetColumns, howToMigrate, allowCascade = [] }: Parts,
  scratch: ScratchFolder,
  run: Run,
): Promise<Prepared> {
  const schema = await readSchema(target, run.signal);
  const tables = checkSchema(source, schema, target.label, howToMigrate);
  const followers = checkFollowers(allowCascade, tables, schema, target.label);
  const scope = [...tables, ...followers];
  const searchIndexes = searchIndexesOf(schema, scope, target.label);
  const ledger = schema.otherThings.has(LEDGER_TABLE)
    ? await readLedger(target, assetStore.name, run.signal)
    : undefined;
  const built = await inStage(
    run,
    'build',
    () =>
      buildDesired(
        {
          source,
          tables,
          assetColumns,
          assetStore,
          ledger: ledger?.entries ?? new Map(),
          file: scratch.file('desired.db'),
        },
        run,
      ),
    (result) =>
      `${countOf(result.rowCount, 'row')}${result.assets.length > 0 ? `, ${countOf(result.assets.length, 'file')}` : ''}`,
  );
  return {
    schema,
    searchIndexes,
    desired: { ...built, tables: scope },
    followers,
    ledger,
    [Symbol.dispose]: () => built.database.close(),
  };
}
