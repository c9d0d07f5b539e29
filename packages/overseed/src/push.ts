/**
 * THE STORY. Source → desired database, target → actual database, difference, upload, apply, verify.
 *
 * The order is what makes it safe: files are stored before any row mentions them and nothing is removed, so a
 * crash leaves a file too many, never a row that points at nothing; rows change in one transaction, or not at all.
 */
import { applyChanges } from './apply/apply.ts';
import { removeLeftovers } from './apply/remove-leftovers.ts';
import { markerStatements } from './apply/run-marker.ts';
import { chooseStrategy } from './apply/strategy.ts';
import type { AssetStore } from './assets/asset-store.ts';
import { LEDGER_TABLE, ledgerQuestion, ledgerStatements, toLedger } from './assets/ledger.ts';
import { sealBackup } from './backups/backups.ts';
import { buildDesired } from './desired/build-desired.ts';
import { checkFollowers, checkSchema } from './desired/check-schema.ts';
import type { Desired } from './desired/desired.ts';
import { followCascades } from './desired/follow-cascades.ts';
import { keepColumns } from './desired/keep-columns.ts';
import { acquireLease } from './lease/lease.ts';
import type { Asset, LedgerEntry } from './model/asset.ts';
import type { AssetColumns } from './model/asset-columns.ts';
import { describeDependants } from './model/dependants.ts';
import { OverseedError } from './model/error.ts';
import type { Outcome, Proof, RefusalReason, UploadTally } from './model/outcome.ts';
import { isEmpty, type Plan, type TableStrategy } from './model/plan.ts';
import { inStage, type Run } from './model/run.ts';
import type { Schema, Table } from './model/schema.ts';
import { checkRowSizes } from './plan/check-row-sizes.ts';
import { compareFiles } from './plan/compare-files.ts';
import type { Comparison } from './plan/comparison.ts';
import { countDependants, type DependantQuestion, dependantQuestions } from './plan/dependants.ts';
import { type SearchIndex, searchIndexesOf } from './plan/search-indexes.ts';
import { type Actual, pullTarget } from './pull/pull-target.ts';
import type { Source } from './source/source.ts';
import { readSchema } from './target/read-schema.ts';
import { ask, type Target } from './target/target.ts';
import { uploadAssets } from './upload/upload-assets.ts';
import { countOf } from './util/count-of.ts';
import { type ScratchFolder, scratchFolder } from './util/scratch-folder.ts';
import { verify } from './verify/verify.ts';

export interface Parts {
  readonly source: Source;
  readonly target: Target;
  readonly assetStore: AssetStore;
  /** By table name. */
  readonly assetColumns: Readonly<Record<string, AssetColumns>>;
  /** Folder of the backups; undefined makes none. */
  readonly backups: string | undefined;
  /** Tables outside the source whose rows may follow rows that go away, as their foreign keys say. */
  readonly allowCascade?: readonly string[];
  /** How a user brings the target's schema up to date, as the start of a sentence. */
  readonly howToMigrate: string;
  /** Ask the store for every asset that the ledger knows, and store again what is gone. */
  readonly recheckAssets?: boolean;
  /** Forces every changed table to be applied so; by default the plan chooses. */
  readonly strategy?: Exclude<TableStrategy, 'none'>;
}

/** `overwrite` replaces what is there; `keep-data` fills an empty target and leaves any other alone. */
export type Consent = 'overwrite' | 'keep-data';

/** How often a push plans afresh when somebody else changes the target meanwhile. */
const PLANS = 3;

/** Makes the target exactly what the source says. @throws OverseedError */
export async function push(parts: Parts, consent: Consent, run: Run): Promise<Outcome> {
  return inRun(parts, run, async (scratch) => {
    using prepared = await prepare(parts, scratch, run);
    const uploads = new Uploads(parts.assetStore);
    for (let attempt = 1; ; attempt++) {
      using difference = await compare(parts, prepared, scratch, run);
      const { plan } = difference;
      if (isEmpty(plan)) return { status: 'unchanged', plan, proof: proofOf(plan) };
      const reason = consent === 'keep-data' ? dataInTheWay(plan) : undefined;
      if (reason) return { status: 'refused', plan, reason };
      refuseToCascade(plan);
      try {
        return await replace(parts, prepared, difference, uploads, scratch, run);
      } catch (error) {
        const moved = error instanceof OverseedError && error.code === 'TARGET_MOVED';
        if (!moved || attempt === PLANS) throw error;
        run.emit({ kind: 'warning', message: `${error.what} Planning again from what is there now.` });
      }
    }
  });
}

/** What {@link push} would do. Touches nothing. @throws OverseedError */
export async function plan(parts: Parts, run: Run): Promise<Outcome> {
  return inRun(parts, run, async (scratch) => {
    using prepared = await prepare(parts, scratch, run);
    using difference = await compare(parts, prepared, scratch, run);
    return { status: 'planned', plan: difference.plan };
  });
}

/** The difference between source and target, and every asset of the source. Touches nothing. @throws OverseedError */
export async function examine(parts: Parts, run: Run): Promise<{ plan: Plan; assets: readonly Asset[] }> {
  await using scratch = await scratchFolder();
  using prepared = await prepare(parts, scratch, run);
  using difference = await compare(parts, prepared, scratch, run);
  return { plan: difference.plan, assets: prepared.desired.assets };
}

async function inRun(
  parts: Parts,
  run: Run,
  work: (scratch: ScratchFolder) => Promise<Outcome>,
): Promise<Outcome> {
  const start = performance.now();
  run.emit({
    kind: 'run-started',
    runId: run.id,
    source: parts.source.label,
    target: parts.target.label,
    store: parts.assetStore.label,
  });
  await using scratch = await scratchFolder();
  const outcome = await work(scratch);
  run.emit({ kind: 'run-finished', outcome, ms: performance.now() - start });
  return outcome;
}

interface Prepared extends Disposable {
  readonly schema: Schema;
  readonly searchIndexes: readonly SearchIndex[];
  /** What the source makes, and the tables that may follow it. */
  readonly desired: Desired;
  readonly followers: readonly Table[];
  readonly ledger: ReadonlyMap<string, LedgerEntry>;
}

async function prepare(
  { source, target, assetStore, assetColumns, howToMigrate, allowCascade = [] }: Parts,
  scratch: ScratchFolder,
  run: Run,
): Promise<Prepared> {
  const schema = await readSchema(target, run.signal);
  const tables = checkSchema(source, schema, target.label, howToMigrate);
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

interface Difference extends Disposable {
  readonly actual: Actual;
  readonly comparison: Comparison;
  readonly plan: Plan;
  /** What was asked to find the plan's dependants. */
  readonly questions: readonly DependantQuestion[];
}

async function compare(
  { source, target, assetStore, strategy, recheckAssets = false }: Parts,
  { schema, desired, followers, ledger }: Prepared,
  scratch: ScratchFolder,
  run: Run,
): Promise<Difference> {
  const file = scratch.file('actual.db');
  const actual = await inStage(
    run,
    'pull',
    () => pullTarget(target, desired.tables, file, run),
    ({ rowCount }) => countOf(rowCount, 'row'),
  );
  actual.database.close();
  keepColumns(desired, file);
  const followed = followCascades(desired, followers, file);
  const comparison = await inStage(
    run,
    'plan',
    () =>
      compareFiles(
        {
          desired: desired.database,
          tables: desired.tables,
          actualFile: file,
          changesFile: scratch.file('changes.db'),
          rowCount: actual.rowCount + desired.rowCount,
        },
        run.signal,
      ),
    describeComparison,
  );
  if (target.maxRowBytes !== undefined) checkRowSizes(comparison, target.maxRowBytes, source.label);
  const questions = dependantQuestions(schema, comparison);
  const unknown = desired.assets.filter((asset) => !ledger.has(asset.hash));
  const known = desired.assets.filter((asset) => ledger.has(asset.hash));
  const lost = recheckAssets || !assetStore.lookingCosts ? await assetStore.findLost(known, run.signal) : [];
  const uploads = [...unknown, ...lost];
  const plan: Plan = {
    formatVersion: 1,
    target: target.label,
    tables: comparison.tables,
    apply: chooseStrategy(comparison.tables, comparison.scope, strategy),
    dependants: [...followed, ...(await countDependants(target, questions, run.signal))],
    uploads,
    reusedAssets: desired.assets.length - uploads.length,
  };
  run.emit({ kind: 'plan-made', plan });
  return { actual, comparison, plan, questions, [Symbol.dispose]: () => comparison[Symbol.dispose]() };
}

async function replace(
  parts: Parts,
  { desired, schema, searchIndexes }: Prepared,
  { actual, comparison, plan, questions }: Difference,
  uploads: Uploads,
  scratch: ScratchFolder,
  run: Run,
): Promise<Outcome> {
  const { target, assetStore } = parts;
  // Only questions so far. A store that refuses us, or a file, says so before anything is touched.
  if (plan.uploads.length > 0) await assetStore.prepare(plan.uploads, run.signal);
  // The first effect: who may not write here learns it before any file is uploaded.
  await using lease = await acquireLease(target, run);
  // Whoever held the lease since the pull may have changed anything.
  if (lease.fence !== actual.fence + 1n) throw targetMoved(target);
  await removeLeftovers(target, schema.otherThings.keys(), run);
  const backup = await backUp(parts, actual, plan, run);
  const tally = await uploads.store(plan.uploads, run);
  const bookkeeping = [
    ...ledgerStatements(plan.uploads, assetStore.name, run.id),
    ...markerStatements({
      ...totals(plan),
      runId: run.id,
      finishedAt: new Date(),
      source: parts.source.label,
    }),
  ];
  const { rowsWritten } = await applyChanges(
    {
      target,
      comparison,
      strategy: plan.apply,
      schema,
      dependants: questions,
      searchIndexes,
      lease,
      bookkeeping,
    },
    run,
  );
  comparison[Symbol.dispose]();
  const files = { pulled: scratch.file('verify.db'), changes: scratch.file('verify-changes.db') };
  const proof = await inStage(
    run,
    'verify',
    () => verify(desired, target, files, assetStore, plan.uploads, run),
    describeProof,
  );
  return { status: 'applied', plan, runId: run.id, backup, uploads: tally, rowsWritten, proof };
}

/** Files that are stored need not be stored again when the rows are planned again. */
class Uploads {
  readonly #store: AssetStore;
  readonly #stored = new Set<string>();
  #tally: UploadTally = { uploaded: 0, alreadyThere: 0, bytes: 0, retries: 0 };

  constructor(store: AssetStore) {
    this.#store = store;
  }

  async store(assets: readonly Asset[], run: Run): Promise<UploadTally> {
    const missing = assets.filter((asset) => !this.#stored.has(asset.hash));
    if (missing.length === 0) return this.#tally;
    this.#tally = await inStage(
      run,
      'upload',
      () => uploadAssets(missing, this.#store, run),
      describeUploads,
    );
    for (const asset of missing) this.#stored.add(asset.hash);
    return this.#tally;
  }
}

function targetMoved(target: Target): OverseedError {
  return new OverseedError('TARGET_MOVED', {
    what: `Another run pushed to ${target.label} while this one was planning.`,
    state: 'old',
    next: 'Run the same command again: it plans afresh from what is there now.',
  });
}

async function backUp(
  { backups, target }: Parts,
  actual: Actual,
  plan: Plan,
  run: Run,
): Promise<string | undefined> {
  if (backups === undefined || actual.rowCount === 0) return undefined;
  return inStage(
    run,
    'backup',
    () =>
      sealBackup(backups, {
        file: actual.database.file,
        tables: actual.tables.map((table, index) => ({ table, rows: plan.tables[index]?.rowsBefore ?? 0 })),
        target: target.label,
        runId: run.id,
        createdAt: run.startedAt,
      }),
    () => `${countOf(actual.rowCount, 'row')} sealed`,
  );
}

/** @throws WOULD_CASCADE unless every row outside the scope that the plan reaches was allowed to follow */
function refuseToCascade({ dependants, target }: Plan): void {
  const refused = dependants.filter(({ allowed }) => !allowed);
  if (refused.length === 0) return;
  const names = [...new Set(refused.map(({ table }) => table))].join(',');
  const forbidden = refused.some(({ action }) => action === 'orphan');
  throw new OverseedError('WOULD_CASCADE', {
    what: `On ${target}, rows of tables outside the source depend on rows that would go away:\n${refused
      .map((entry) => `  ${describeDependants(entry)}`)
      .join('\n')}`,
    state: 'old',
    next: forbidden
      ? 'Keep the rows they depend on in the source, or change those tables on the target first.'
      : `Keep the rows they depend on in the source, or let them follow with --allow-cascade ${names}.`,
  });
}

function dataInTheWay(plan: Plan): RefusalReason | undefined {
  const tables = plan.tables
    .filter(({ rowsBefore }) => rowsBefore > 0)
    .map(({ table, rowsBefore }) => ({ table, rows: rowsBefore }));
  return tables.length > 0 ? { kind: 'target-has-data', tables } : undefined;
}

function proofOf(plan: Plan): Proof {
  return {
    tables: plan.tables.map(({ table, rowsAfter }) => ({ table, rows: rowsAfter })),
    assetsChecked: 0,
  };
}

function totals(plan: Plan) {
  const sum = (pick: 'inserts' | 'updates' | 'deletes') =>
    plan.tables.reduce((total, table) => total + table[pick], 0);
  return {
    inserted: sum('inserts'),
    updated: sum('updates'),
    deleted: sum('deletes'),
    uploaded: plan.uploads.length,
  };
}

function describeComparison({ tables }: Comparison): string {
  const changes = tables.reduce((sum, table) => sum + table.inserts + table.updates + table.deletes, 0);
  return changes === 0
    ? 'no row differs'
    : `${countOf(changes, 'row')} ${changes === 1 ? 'differs' : 'differ'}`;
}

function describeUploads({ uploaded, alreadyThere, retries }: UploadTally): string {
  const parts = [`${countOf(uploaded, 'file')} stored`];
  if (alreadyThere > 0) parts.push(`${alreadyThere} were there`);
  if (retries > 0) parts.push(`${retries} retries`);
  return parts.join(', ');
}

function describeProof({ tables, assetsChecked }: Proof): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `${countOf(rows, 'row')} equal${assetsChecked > 0 ? `, ${countOf(assetsChecked, 'file')} answered` : ''}`;
}
