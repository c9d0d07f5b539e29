/** The source's side: the schema it meets, and the desired database. */
import { LEDGER_TABLE, ledgerQuestion, toLedger } from '../assets/ledger.ts';
import { buildDesired } from '../desired/build-desired.ts';
import { checkAssetColumns } from '../desired/check-asset-columns.ts';
import { checkFollowers, checkSchema } from '../desired/check-schema.ts';
import type { Desired } from '../desired/desired.ts';
import type { LedgerEntry } from '../model/asset.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Schema, Table } from '../model/schema.ts';
import { type SearchIndex, searchIndexesOf } from '../plan/search-indexes.ts';
import { readSchema } from '../target/read-schema.ts';
import { ask } from '../target/target.ts';
import { countOf } from '../util/count-of.ts';
import type { ScratchFolder } from '../util/scratch-folder.ts';
import type { Parts } from './parts.ts';

export interface Prepared extends Disposable {
  readonly schema: Schema;
  readonly searchIndexes: readonly SearchIndex[];
  /** What the source makes, and the tables that may follow it. */
  readonly desired: Desired;
  readonly followers: readonly Table[];
  readonly ledger: ReadonlyMap<string, LedgerEntry>;
}

/** @throws SCHEMA_MISSING, SCHEMA_UNSUPPORTED, CONFIG_INVALID, SOURCE_INVALID, ASSET_INVALID */
export async function prepare(
  { source, target, assetStore, assetColumns, howToMigrate, allowCascade = [] }: Parts,
  scratch: ScratchFolder,
  run: Run,
): Promise<Prepared> {
  const schema = await readSchema(target, run.signal);
  const tables = checkSchema(source, schema, target.label, howToMigrate);
  checkAssetColumns(assetColumns, tables, source.label);
  const followers = checkFollowers(allowCascade, tables, schema, target.label);
  const scope = [...tables, ...followers];
  const searchIndexes = searchIndexesOf(schema, scope, target.label);
  const [rows = []] = schema.otherThings.has(LEDGER_TABLE)
    ? await ask(target, [ledgerQuestion(assetStore.name)], run.signal)
    : [];
  const ledger = toLedger(rows, assetStore.name);
  const built = await inStage(
    run,
    'build',
    () =>
      buildDesired(
        { source, tables, assetColumns, assetStore, ledger, file: scratch.file('desired.db') },
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
