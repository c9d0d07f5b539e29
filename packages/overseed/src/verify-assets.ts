/** THE PROOF OF THE MEDIA: every URL in rows, or a sample of them, is fetched, and its bytes are compared with the ledger. */
import type { AssetStore } from './assets/asset-store.ts';
import { entryOfUrl, toProvable } from './assets/ledger/entry-of-url.ts';
import type { AssetColumns } from './model/asset-columns.ts';
import type { AssetVerification, WrongUrl } from './model/asset-verification.ts';
import { OverseedError } from './model/error.ts';
import { inStage, type Run } from './model/run.ts';
import { findTable } from './model/schema.ts';
import { pullTarget } from './pull/pull-target.ts';
import { readLedger } from './pull/read-ledger.ts';
import { LocalDatabase } from './sqlite/local-database.ts';
import { readSchema } from './target/read-schema.ts';
import type { Target } from './target/target.ts';
import { countOf } from './util/count-of.ts';
import { scratchFolder } from './util/scratch-folder.ts';
import { checkPatiently } from './verify/check-patiently.ts';
import { type UrlInRows, urlsInRows } from './verify/urls-in-rows.ts';

const CHECKS_AT_ONCE = 10;

export interface AssetVerificationScope {
  readonly target: Target;
  readonly assetStore: AssetStore;
  /** By table name. */
  readonly assetColumns: Readonly<Record<string, AssetColumns>>;
  /** How many URLs, chosen at random; undefined checks all. */
  readonly sample?: number;
}

/**
 * Fetches every URL, streams its bytes, and compares size and MD5 with what the ledger says was stored. Nothing is changed.
 * @returns what was found, however bad it is
 * @throws SCHEMA_MISSING when the target lacks a table of `assetColumns`
 */
export async function verifyAssets(scope: AssetVerificationScope, run: Run): Promise<AssetVerification> {
  const { target, assetStore, assetColumns, sample } = scope;
  await using scratch = await scratchFolder();
  const schema = await readSchema(target, run.signal);
  const tables = Object.keys(assetColumns).map((name) => {
    const table = findTable(schema, name);
    if (!table) throw tableMissing(name, target.label);
    return table;
  });
  const actual = await pullTarget(target, tables, scratch.file('rows.db'), run);
  using database = new LocalDatabase(actual.file);
  const { entries } = await readLedger(target, assetStore.name, run.signal);
  const entryOf = entryOfUrl(entries.values(), assetStore);
  const urls = [...urlsInRows(database, assetColumns)];
  const chosen = sample === undefined || sample >= urls.length ? urls : pick(urls, sample);
  const wrong: WrongUrl[] = [];
  let bytes = 0;
  let done = 0;
  async function check(queue: Iterator<UrlInRows>): Promise<void> {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const { url, where } = next.value;
      const entry = entryOf(url);
      const problem = entry
        ? await checkPatiently(assetStore, toProvable(entry), { depth: 'bytes', longestWaitMs: 500 }, run)
        : 'is in no ledger: what bytes it should have, nobody knows';
      if (problem) wrong.push({ url, where, problem });
      else bytes += entry?.sizeBytes ?? 0;
      run.emit({
        kind: 'stage-progress',
        stage: 'verify',
        done: ++done,
        total: chosen.length,
        unit: 'files',
      });
    }
  }
  await inStage(
    run,
    'verify',
    async () => {
      const queue = chosen.values();
      await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, () => check(queue)));
    },
    () =>
      `${countOf(chosen.length - wrong.length, 'URL')} with the right bytes${wrong.length > 0 ? `, ${wrong.length} wrong` : ''}`,
  );
  const { label } = assetStore;
  return { target: target.label, store: label, urls: urls.length, checked: chosen.length, bytes, wrong };
}

/** The same, as a proof. @throws VERIFY_FAILED naming every URL that is wrong */
export async function proveAssets(scope: AssetVerificationScope, run: Run): Promise<AssetVerification> {
  const found = await verifyAssets(scope, run);
  if (found.wrong.length === 0) return found;
  const lines = found.wrong.map(({ url, where, problem }) => `  ${url} (${where}): ${problem}`);
  throw new OverseedError('VERIFY_FAILED', {
    what: `${found.wrong.length} of ${countOf(found.checked, 'URL')} in ${found.target} do not answer as they should:\n${lines.join('\n')}`,
    state: 'old',
    next: 'Push with --recheck-assets: it asks the store and puts back what is missing.',
  });
}

/** `count` of them, each choice as likely as any other (Fisher and Yates, stopped early). */
function pick<T>(all: readonly T[], count: number): T[] {
  const items = [...all];
  for (let index = 0; index < count; index++) {
    const other = index + Math.floor(Math.random() * (items.length - index));
    [items[index], items[other]] = [items[other] as T, items[index] as T];
  }
  return items.slice(0, count);
}

function tableMissing(name: string, target: string): OverseedError {
  return new OverseedError('SCHEMA_MISSING', {
    what: `${target} has no table ${name}, whose images were to be checked.`,
    state: 'old',
    next: 'Check the name, or push the schema first.',
  });
}
