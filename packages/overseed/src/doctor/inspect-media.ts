/** Are the bytes behind the URLs in rows those that were stored? */
import type { Run } from '../model/run.ts';
import type { Parts } from '../push.ts';
import { countOf } from '../util/count-of.ts';
import { verifyAssets } from '../verify-assets.ts';
import { type Finding, ok, problem } from './finding.ts';

/** Most URLs that are listed. */
const LISTED = 20;

/** @param sample how many of them, chosen at random; undefined fetches all */
export async function inspectMedia(
  { target, assetStore, assetColumns }: Pick<Parts, 'target' | 'assetStore' | 'assetColumns'>,
  sample: number | undefined,
  run: Run,
): Promise<Finding> {
  const scope = { target, assetStore, assetColumns, ...(sample === undefined ? {} : { sample }) };
  const { urls, checked, wrong } = await verifyAssets(scope, run);
  const fetched = `${checked} of ${countOf(urls, 'URL')} fetched`;
  if (wrong.length === 0) return ok('bytes', `${fetched}, every byte as it was stored`);
  const lines = wrong.slice(0, LISTED).map((entry) => `${entry.url} (${entry.where}): ${entry.problem}`);
  if (wrong.length > LISTED) lines.push(`… and ${wrong.length - LISTED} more`);
  return problem(
    'bytes',
    [`${fetched}, ${wrong.length} not as it should be`, ...lines].join('\n'),
    'Push with `--force --recheck-assets`, which stores again what the store has lost.',
  );
}
