/** The end of a run on several targets: a line each. */
import type { OverseedError } from '../../model/error.ts';
import type { Outcome } from '../../model/outcome.ts';
import { countOf } from '../../util/count-of.ts';
import { formatDuration } from '../../util/format.ts';
import type { Output } from '../output.ts';
import { painter } from './paint.ts';
import { alignColumns } from './table.ts';

export interface FleetEntry {
  readonly name: string;
  readonly outcome: Outcome | undefined;
  readonly failure?: OverseedError | undefined;
  readonly exitCode: number;
  readonly ms: number;
}

export function fleetLines(entries: readonly FleetEntry[], { color }: Pick<Output, 'color'>): string[] {
  const paint = painter(color);
  const good = entries.filter(({ exitCode }) => exitCode === 0).length;
  const rows = alignColumns(entries.map((entry) => [entry.name, describe(entry), formatDuration(entry.ms)]));
  return [
    paint('bold', `${good} of ${countOf(entries.length, 'target')} as wanted`),
    '',
    ...rows.map((row, index) => {
      const isGood = entries[index]?.exitCode === 0;
      return `${paint(isGood ? 'green' : 'red', isGood ? '  ✔' : '  ✘')}${row.slice(1)}`;
    }),
  ];
}

function describe({ outcome, failure, exitCode }: FleetEntry): string {
  if (failure) return `failed (${failure.code})`;
  switch (outcome?.status) {
    case 'applied': {
      const rows = outcome.plan.tables.reduce(
        (sum, { inserts, updates, deletes }) => sum + inserts + updates + deletes,
        0,
      );
      return `applied, ${countOf(rows, 'row')} changed`;
    }
    case 'refused':
      return `refused (${outcome.reason.kind})`;
    case 'unchanged':
      return 'nothing to do';
    case 'planned':
      return 'planned';
    default:
      return exitCode === 0 ? 'good' : 'not equal';
  }
}
