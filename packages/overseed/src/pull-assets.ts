/**
 * THE MEDIA OF A COPY. Every file that the copied rows point to is fetched from the store into a folder, under the path that
 * the rows give it: the copy and the folder together are a source again. Nothing is changed on the target or in the store.
 */
import path from 'node:path';
import { complaintAbout } from './assets/asset-folder.ts';
import type { AssetStore } from './assets/asset-store.ts';
import { entryOfUrl, toProvable } from './assets/ledger/entry-of-url.ts';
import { receive } from './assets/receive.ts';
import type { ProvableAsset } from './model/asset.ts';
import type { AssetColumns } from './model/asset-columns.ts';
import { OverseedError } from './model/error.ts';
import { inStage, type Run } from './model/run.ts';
import { mediaInRows } from './pull/media-in-rows.ts';
import { readLedger } from './pull/read-ledger.ts';
import { LocalDatabase } from './sqlite/local-database.ts';
import type { Target } from './target/target.ts';
import { countOf } from './util/count-of.ts';
import { foldName } from './util/fold-name.ts';
import { backoffMs, wait } from './util/wait.ts';

const FILES_AT_ONCE = 10;
/** One file, when the store fails now and then. */
const ATTEMPTS = 8;

export interface MediaScope {
  readonly target: Target;
  readonly assetStore: AssetStore;
  /** By table name. */
  readonly assetColumns: Readonly<Record<string, AssetColumns>>;
  /** What was copied: a SQLite file, and the names of its tables. */
  readonly copied: { readonly file: string; readonly tables: readonly { readonly table: string }[] };
  /** Where they go; absolute. */
  readonly folder: string;
  /** Whether a file that is there with other bytes may go. */
  readonly replace: boolean;
}

/** What was fetched. */
export interface PulledMedia {
  readonly folder: string;
  /** Fetched now. */
  readonly files: number;
  readonly bytes: number;
  /** There before, with the same bytes. */
  readonly alreadyThere: number;
}

interface Wanted {
  readonly name: string;
  readonly asset: ProvableAsset;
}

/** @throws ASSETS_FAILED naming every file that could not be fetched; the others are there */
export async function pullAssets(scope: MediaScope, run: Run): Promise<PulledMedia> {
  const { assetStore, folder, replace } = scope;
  const problems: string[] = [];
  const wanted = await choose(scope, problems, run);
  let [files, bytes, alreadyThere] = [0, 0, 0];
  const queue = wanted.values();
  async function work(): Promise<void> {
    for (const { name, asset } of queue) {
      const end = await receivePatiently(assetStore, asset, { folder, name, replace }, run);
      if ('problem' in end) problems.push(`  ${name}: ${end.problem}`);
      else if (end.how === 'there') alreadyThere++;
      else {
        files++;
        bytes += asset.sizeBytes;
      }
      run.emit({
        kind: 'stage-progress',
        stage: 'fetch',
        done: files + alreadyThere + problems.length,
        total: wanted.length,
        unit: 'files',
      });
    }
  }
  await inStage(
    run,
    'fetch',
    () => Promise.all(Array.from({ length: FILES_AT_ONCE }, work)),
    () => `${countOf(files, 'file')}${alreadyThere > 0 ? `, ${alreadyThere} were there` : ''}`,
  );
  if (problems.length > 0) throw incomplete(problems, wanted.length, scope);
  return { folder, files, bytes, alreadyThere };
}

/** Each file once, under the name that the first row gives it. */
async function choose(
  { target, assetStore, assetColumns, copied }: MediaScope,
  problems: string[],
  run: Run,
): Promise<Wanted[]> {
  const { entries } = await readLedger(target, assetStore.name, run.signal);
  const entryOf = entryOfUrl(entries.values(), assetStore);
  const byName = new Map<string, Wanted>();
  using database = new LocalDatabase(copied.file);
  const tables = new Set(copied.tables.map(({ table }) => foldName(table)));
  for (const media of mediaInRows(database, tables, assetColumns)) {
    const complaint = complaintAbout(media.path);
    const entry = entryOf(media.url);
    const name = path.normalize(media.path);
    const other = byName.get(name);
    if (complaint) problems.push(`  ${media.path}: ${complaint}`);
    else if (!entry)
      problems.push(`  ${media.path}: ${media.url} is in no ledger: what bytes it should have, nobody knows`);
    else if (other && other.asset.publicId !== entry.publicId)
      problems.push(`  ${media.path}: rows give the same path to other bytes as well (${media.url})`);
    else byName.set(name, { name, asset: toProvable(entry) });
  }
  return [...byName.values()];
}

async function receivePatiently(
  store: AssetStore,
  asset: ProvableAsset,
  place: { folder: string; name: string; replace: boolean },
  run: Run,
) {
  for (let attempt = 1; ; attempt++) {
    const end = await receive(asset, (signal) => bytesOf(store, asset, signal), place, run.signal);
    if (!('problem' in end) || end.isFinal || attempt === ATTEMPTS) return end;
    await wait(backoffMs(attempt, { baseMs: 100, maxMs: 3_000 }), run.signal);
  }
}

async function* bytesOf(
  store: AssetStore,
  asset: ProvableAsset,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (store.read) return yield* store.read(asset, signal);
  const response = await fetch(store.urlOf(asset), { headers: { 'accept-encoding': 'identity' }, signal });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  for await (const chunk of response.body ?? []) yield chunk;
}

function incomplete(
  problems: readonly string[],
  wanted: number,
  { copied, folder }: MediaScope,
): OverseedError {
  const shown = (file: string) => path.relative(process.cwd(), file) || '.';
  return new OverseedError('ASSETS_FAILED', {
    what: `${countOf(problems.length, 'file')} of the rows could not be fetched into ${shown(folder)}:\n${problems.join('\n')}`,
    state: 'old',
    next: `The rows are in ${shown(copied.file)}; of ${wanted} files those that are not listed are there. Run the same command again with --force: what is there is not fetched again.`,
  });
}
