/**
 * THE STORY. Source → desired database, target → actual database, difference, upload, apply, verify.
 *
 * The order is what makes it safe: files are stored before any row mentions them and nothing is removed, so a
 * crash leaves a file too many, never a row that points at nothing; rows change in one transaction, or not at all.
 */
import path from 'node:path';
import { applyChanges } from './apply/apply.ts';
import { markerStatements } from './apply/run-marker.ts';
import { chooseStrategy } from './apply/strategy.ts';
import type { AssetStore } from './assets/asset-store.ts';
import { ledgerStatements, readLedger } from './assets/ledger.ts';
import { sealBackup } from './backups/backups.ts';
import { buildDesired } from './desired/build-desired.ts';
import { checkSchema } from './desired/check-schema.ts';
import type { Desired } from './desired/desired.ts';
import { keepColumns } from './desired/keep-columns.ts';
import type { Asset } from './model/asset.ts';
import type { AssetColumns } from './model/asset-columns.ts';
import type { Outcome, Proof, RefusalReason, UploadTally } from './model/outcome.ts';
import { isEmpty, type Plan } from './model/plan.ts';
import { inStage, type Run } from './model/run.ts';
import { type Comparison, compareTables } from './plan/compare-tables.ts';
import { type Actual, pullTarget } from './pull/pull-target.ts';
import type { Source } from './source/source.ts';
import { readSchema } from './target/read-schema.ts';
import type { Target } from './target/target.ts';
import { uploadAssets } from './upload/upload-assets.ts';
import { scratchFolder } from './util/scratch-folder.ts';
import { verify } from './verify/verify.ts';

export interface Parts {
  readonly source: Source;
  readonly target: Target;
  readonly assetStore: AssetStore;
  /** By table name. */
  readonly assetColumns: Readonly<Record<string, AssetColumns>>;
  /** Folder of the backups; undefined makes none. */
  readonly backups: string | undefined;
  /** How a user brings the target's schema up to date, as the start of a sentence. */
  readonly howToMigrate: string;
}

/** `overwrite` replaces what is there; `keep-data` fills an empty target and leaves any other alone. */
export type Consent = 'overwrite' | 'keep-data';

/** Makes the target exactly what the source says. @throws OverseedError */
export async function push(parts: Parts, consent: Consent, run: Run): Promise<Outcome> {
  return inRun(parts, run, async (prepared) => {
    const { desired, actual, comparison, plan, files } = prepared;
    if (isEmpty(plan)) return { status: 'unchanged', plan, proof: proofOf(plan) };
    const reason = consent === 'keep-data' ? dataInTheWay(plan) : undefined;
    if (reason) return { status: 'refused', plan, reason };

    const backup = await backUp(parts, actual, plan, run);
    const uploads = await upload(parts, plan, run);
    const bookkeeping = [
      ...ledgerStatements(plan.uploads, parts.assetStore.name, run.id),
      ...markerStatements({
        ...totals(plan),
        runId: run.id,
        finishedAt: new Date(),
        source: parts.source.label,
      }),
    ];
    const { rowsWritten } = await applyChanges(
      {
        target: parts.target,
        comparison,
        tables: desired.tables,
        strategy: chooseStrategy(plan.tables, desired.tables),
        foreignViolations: actual.foreignViolations,
        bookkeeping,
      },
      run,
    );
    comparison[Symbol.dispose]();
    const proof = await inStage(
      run,
      'verify',
      () => verify(desired, parts.target, files('verify'), parts.assetStore, plan.uploads, run),
      describeProof,
    );
    return { status: 'applied', plan, runId: run.id, backup, uploads, rowsWritten, proof };
  });
}

/** What {@link push} would do. Touches nothing. @throws OverseedError */
export async function plan(parts: Parts, run: Run): Promise<Outcome> {
  return inRun(parts, run, async ({ plan }) => ({ status: 'planned', plan }));
}

/** The difference between source and target, and every asset of the source. Touches nothing. @throws OverseedError */
export async function examine(parts: Parts, run: Run): Promise<{ plan: Plan; assets: readonly Asset[] }> {
  let assets: readonly Asset[] = [];
  const { plan } = await inRun(parts, run, async ({ plan, desired }) => {
    assets = desired.assets;
    return { status: 'planned', plan };
  });
  return { plan, assets };
}

interface Prepared {
  readonly desired: Desired;
  readonly actual: Actual;
  readonly comparison: Comparison;
  readonly plan: Plan;
  /** Paths of scratch files for one more comparison. */
  readonly files: (name: string) => { pulled: string; changes: string };
}

async function inRun(
  parts: Parts,
  run: Run,
  work: (prepared: Prepared) => Promise<Outcome>,
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
  const files = (name: string) => ({
    pulled: path.join(scratch.path, `${name}.db`),
    changes: path.join(scratch.path, `${name}-changes.db`),
  });
  const { source, target, assetStore, assetColumns } = parts;
  const schema = await readSchema(target, run.signal);
  const tables = checkSchema(source, schema, target.label, parts.howToMigrate);
  const ledger = await readLedger(target, assetStore.name, run.signal);
  const desired = await inStage(
    run,
    'build',
    () =>
      buildDesired(
        { source, tables, assetColumns, assetStore, ledger, file: path.join(scratch.path, 'desired.db') },
        run,
      ),
    (built) => `${countRows(built)} rows${built.assets.length > 0 ? `, ${built.assets.length} files` : ''}`,
  );
  using _desired = desired.database;
  const actual = await inStage(
    run,
    'pull',
    () => pullTarget(target, tables, files('actual').pulled, run),
    ({ rowCount }) => `${rowCount} rows`,
  );
  actual.database.close();
  keepColumns(desired, files('actual').pulled);
  const comparison = await inStage(
    run,
    'plan',
    async () => compareTables(desired.database, tables, files('actual').pulled, files('actual').changes),
    (compared) => describePlan(compared),
  );
  const unknown = desired.assets.filter((asset) => !ledger.has(asset.hash));
  const known = desired.assets.filter((asset) => ledger.has(asset.hash));
  const uploads = [...unknown, ...(await assetStore.findLost(known, run.signal))];
  const plan: Plan = {
    formatVersion: 1,
    target: target.label,
    tables: comparison.tables,
    uploads,
    reusedAssets: desired.assets.length - uploads.length,
  };
  run.emit({ kind: 'plan-made', plan });
  const outcome = await work({ desired, actual, comparison, plan, files });
  run.emit({ kind: 'run-finished', outcome, ms: performance.now() - start });
  return outcome;
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
    () => `${actual.rowCount} rows sealed`,
  );
}

function upload({ assetStore }: Parts, plan: Plan, run: Run): Promise<UploadTally> {
  const work = () => uploadAssets(plan.uploads, assetStore, run);
  if (plan.uploads.length === 0) return work();
  return inStage(run, 'upload', work, (tally) => describeUploads(tally));
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

function countRows({ database, tables }: Desired): number {
  return tables.reduce(
    (sum, { name }) => sum + database.count(`SELECT count(*) FROM "${name.replaceAll('"', '""')}"`),
    0,
  );
}

function describePlan({ tables }: Comparison): string {
  const changes = tables.reduce((sum, table) => sum + table.inserts + table.updates + table.deletes, 0);
  return changes === 0 ? 'no row differs' : `${changes} rows differ`;
}

function describeUploads({ uploaded, alreadyThere, retries }: UploadTally): string {
  const parts = [`${uploaded} files stored`];
  if (alreadyThere > 0) parts.push(`${alreadyThere} were there`);
  if (retries > 0) parts.push(`${retries} retries`);
  return parts.join(', ');
}

function describeProof({ tables, assetsChecked }: Proof): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `${rows} rows equal${assetsChecked > 0 ? `, ${assetsChecked} files answer` : ''}`;
}
