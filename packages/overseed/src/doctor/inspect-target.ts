/** Is the target what the source says? Counts, foreign keys, row by row equality, and every media URL. */

import { OverseedError } from '../model/error.ts';
import { isEmpty } from '../model/plan.ts';
import type { Run } from '../model/run.ts';
import { examine, type Parts } from '../push.ts';
import { ask } from '../target/target.ts';
import { countOf } from '../util/count-of.ts';
import { placeholders } from '../util/sql.ts';
import { checkAssets } from '../verify/verify.ts';
import { type Finding, ok, problem } from './finding.ts';

const MEDIA_CURE = 'Push with `--force --recheck-assets`, which stores again what the store has lost.';
const CURE = 'Push the source: `--force` replaces what is there.';

export async function inspectTarget(parts: Parts, run: Run): Promise<Finding[]> {
  const { plan, assets } = await examine(parts, run);
  const findings: Finding[] = plan.tables.map(({ table, rowsBefore, rowsAfter }) =>
    rowsBefore === rowsAfter
      ? ok(table, `${countOf(rowsBefore, 'row')}, as expected`)
      : problem(table, `${countOf(rowsBefore, 'row')}, ${rowsAfter} expected`, CURE),
  );
  const dangling = await danglingRows(
    parts,
    plan.tables.map(({ table }) => table),
    run,
  );
  findings.push(
    dangling === 0
      ? ok('foreign keys', 'every reference points to a row')
      : problem('foreign keys', `${dangling} rows point to rows that are not there`, CURE),
  );
  const differing = plan.tables.filter(({ inserts, updates, deletes }) => inserts + updates + deletes > 0);
  findings.push(
    isEmpty(plan)
      ? ok('equality', `every row is exactly what ${parts.source.label} says`)
      : problem(
          'equality',
          differences(
            differing.map(({ table }) => table),
            plan.uploads.length,
          ),
          CURE,
        ),
  );
  if (assets.length > 0) findings.push(await mediaFinding(parts, assets, run));
  return findings;
}

function differences(tables: readonly string[], missingFiles: number): string {
  const parts = tables.length > 0 ? [`rows differ in ${tables.join(', ')}`] : [];
  if (missingFiles > 0) parts.push(`${missingFiles} files were never uploaded`);
  return parts.join('; ');
}

async function danglingRows({ target }: Parts, tables: readonly string[], run: Run): Promise<number> {
  const sql = `SELECT count(*) FROM pragma_foreign_key_check WHERE "table" IN ${placeholders(tables.length)}`;
  const [rows = []] = await ask(target, [{ sql, args: tables }], run.signal);
  return Number(rows[0]?.[0] ?? 0);
}

async function mediaFinding(
  { assetStore }: Parts,
  assets: Parameters<typeof checkAssets>[1],
  run: Run,
): Promise<Finding> {
  try {
    await checkAssets(assetStore, assets, run);
    return ok('media', `${assets.length} URLs answer with their image`);
  } catch (error) {
    if (!(error instanceof OverseedError)) throw error;
    const [first = '', ...files] = error.what.split('\n');
    return problem(
      'media',
      [first.replace(/:$/, ''), ...files.map((file) => file.trim())].join('\n'),
      MEDIA_CURE,
    );
  }
}
