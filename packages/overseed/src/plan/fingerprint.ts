/** What both sides are while a plan is made, so that it can be told later whether they still are. */
import { createHash } from 'node:crypto';
import type { MeasuredAsset } from '../model/asset.ts';
import { type Fingerprints, jsonDigest, sealSource, sealTarget } from '../model/fingerprint.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import { openApart, SMALL_ROWS } from '../sqlite/apart.ts';
import { underName } from '../target/stand-in.ts';
import type { DigestTask } from './digest-rows.ts';
import * as digester from './digest-rows.ts';

export interface FingerprintInput {
  readonly actualFile: string;
  readonly desiredFile: string;
  /** Every table that is compared. */
  readonly tables: readonly Table[];
  /** Tables that only follow: what becomes of them is settled by the others and by what they hold. */
  readonly followers: readonly Table[];
  /** Columns that keep what the target has there, or get a value of the moment: the source says nothing about them. */
  readonly keptColumns: readonly { readonly table: Table; readonly columns: readonly string[] }[];
  readonly assets: readonly MeasuredAsset[];
  /** Rows of both files. */
  readonly rowCount: number;
}

export async function fingerprint(input: FingerprintInput, signal: AbortSignal): Promise<Fingerprints> {
  const { tables, followers, keptColumns, assets, rowCount } = input;
  signal.throwIfAborted();
  const sourceTables = tables.filter((table) => !followers.includes(table));
  const target: DigestTask = {
    file: input.actualFile,
    tables: tables.map((table) => ({ table: table.name, columns: namesOf(table) })),
  };
  const source: DigestTask = {
    file: input.desiredFile,
    tables: sourceTables.map((table) => {
      const kept = new Set(
        keptColumns.flatMap((entry) => (entry.table.name === table.name ? entry.columns : [])),
      );
      return { table: table.name, columns: namesOf(table).filter((name) => !kept.has(name)) };
    }),
  };
  const [actual, desired] = await Promise.all([
    digest(target, rowCount, signal),
    digest(source, rowCount, signal),
  ]);
  return {
    basedOn: sealTarget(tables.map((table) => ({ ...rowsOf(actual, table), schema: digestSchema(table) }))),
    resultsIn: sealSource(
      sourceTables.map((table) => rowsOf(desired, table)),
      digestAssets(assets),
    ),
  };
}

/** Two checksums that are missing must never pass for equal ones. */
function rowsOf(digests: ReadonlyMap<string, string>, { name }: Table): { table: string; rows: string } {
  const rows = digests.get(name);
  if (rows === undefined) throw new TypeError(`There is no checksum of ${name}.`);
  return { table: name, rows };
}

async function digest(task: DigestTask, rowCount: number, signal: AbortSignal): Promise<Map<string, string>> {
  const heavy = rowCount > SMALL_ROWS;
  using apart = openApart(digester.open, digester.module, task, { heavy, signal });
  return await apart.call('digest');
}

function namesOf(table: Table): string[] {
  return storedColumns(table).map(({ name }) => name);
}

/** Indexes and triggers by their text: in which order they were created changes nothing, nor do quotes around a name. */
function digestSchema({ sql, indexes, triggers }: Table): string {
  return jsonDigest([
    sql,
    indexes.map(({ name, sql: text }) => underName(text, name)).toSorted(),
    triggers.map((trigger) => trigger.sql).toSorted(),
  ]);
}

/** One line an asset, in the order of their hashes: the same files in another order are the same. */
function digestAssets(assets: readonly MeasuredAsset[]): string {
  const hash = createHash('sha256');
  const ordered = assets.toSorted((a, b) => (a.hash < b.hash ? -1 : 1));
  for (const { hash: content, publicId } of ordered) hash.update(`${content} ${publicId}\n`);
  return hash.digest('hex');
}
