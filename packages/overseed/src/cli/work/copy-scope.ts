import { isInScope } from '../../config/scope.ts';
import type { CopyScope } from '../../copy.ts';
import { openProjectSource, type Place } from '../../project.ts';

/** The tables of the source, or all of them. Standard input has none before it was read, so it is not asked. */
export async function copyScope(place: Place, isAll: boolean, signal: AbortSignal): Promise<CopyScope> {
  const { config } = place;
  if (isAll || config.source === undefined || config.source.kind === 'stdin')
    return { kind: 'all', wanted: (table) => isInScope(config.scope, table) };
  await using opened = await openProjectSource(place, { input: process.stdin, signal });
  return { kind: 'named', names: opened.source.tables.map(({ name }) => name), by: opened.source.label };
}
