/** A prune as text: what would go and why, what stays and why, what went. */
import type { FileSum, PruneOutcome, PrunePlan } from '../../model/prune.ts';
import { countOf } from '../../util/count-of.ts';
import { formatBytes, formatDuration } from '../../util/format.ts';
import { alignColumns } from './table.ts';

export function prunePlanLines(plan: PrunePlan): string[] {
  const { remove, waiting, keptByBackups, elsewhere, used } = plan;
  const sum = ({ files, bytes }: FileSum) => [String(files), files > 0 ? formatBytes(bytes) : ''];
  const next =
    waiting.nextInMs === undefined ? '' : `, the first of them for another ${formatAge(waiting.nextInMs)}`;
  const reasons: [string, FileSum, string][] = [
    ['remove', remove, `unused for ${formatAge(plan.graceMs)} or more`],
    ['wait', waiting, `unused for less${next}`],
    ['keep', keptByBackups, 'an undo may need them'],
    ['leave', elsewhere, 'in another folder of the store'],
    ['keep', used, 'in use'],
  ];
  const shown = reasons.filter(([verb, { files }]) => files > 0 || verb === 'remove');
  const lines = alignColumns(shown.map(([verb, files]) => [verb, ...sum(files)]));
  const width = Math.max(...lines.map((line) => line.length));
  const examples = remove.examples.slice(0, 5).map((publicId) => `    ${publicId}`);
  if (remove.files > examples.length && examples.length > 0)
    examples.push(`    … and ${remove.files - examples.length} more`);
  return [
    `  ${plan.store}, for ${plan.targets.join(', ')}`,
    '',
    ...lines.map((line, index) => `${line.padEnd(width)}  ${shown[index]?.[2]}`),
    ...(examples.length > 0 ? ['', ...examples] : []),
  ];
}

export function pruneOutcomeLines(outcome: PruneOutcome, ms: number): string[] {
  if (outcome.status === 'nothing')
    return [`Nothing to remove from ${outcome.plan.store} (${formatDuration(ms)}).`];
  const { files, bytes } = outcome.removed;
  return [
    `Removed ${countOf(files, 'file')}, ${formatBytes(bytes)}, from ${outcome.plan.store} in ${formatDuration(ms)}.`,
  ];
}

function formatAge(ms: number): string {
  if (ms < 60_000) return countOf(Math.ceil(ms / 1_000), 'second');
  if (ms < 2 * 3_600_000) return countOf(Math.ceil(ms / 60_000), 'minute');
  if (ms < 2 * 86_400_000) return countOf(Math.ceil(ms / 3_600_000), 'hour');
  return countOf(Math.ceil(ms / 86_400_000), 'day');
}
