/**
 * How a full-text index comes into step with its table, whose triggers do not fire while we apply.
 *
 * - `rebuild`: it takes in the whole table anew, in one statement of the batch: 2 µs a row and 0.022 µs a byte of text. That
 *   needs to know nothing of what was in it, so it is what happens unless it takes long.
 * - `follow`: for each changed row the batch takes the old entry out and puts the new one in, as the index's own triggers
 *   would. Only for one that is in step: an entry cannot be taken out by other words than those that it was made of.
 * - `aside`: where the table is replaced whole, a second index is filled from the rows that wait, before the batch and in
 *   short commits, and takes the name of the first.
 */
import { isSwap, type TableStrategy } from '../model/plan.ts';
import type { Table } from '../model/schema.ts';
import type { Rebuild, SizedIndex } from '../plan/search-index-sizes.ts';

export type Renewal = 'rebuild' | 'follow' | 'aside';

/** A statement that takes no longer than this is over long before a server loses its patience. */
export const BRIEF_REBUILD_US = 500_000;
const REBUILD_ROW_US = 2;
const REBUILD_BYTE_US = 0.022;
/** An entry that is taken out or put in by itself takes as many times as long as in a rebuild. */
const SINGLE_ENTRY_FACTOR = 3;

/** Of all text and rows. */
export function rebuildUs({ rows, textBytes }: Rebuild): number {
  return rows * REBUILD_ROW_US + textBytes * REBUILD_BYTE_US;
}

/** @param strategy of its table @param isForced the best way that there is, also where it is not worth it */
export function renewalOf(rebuild: SizedIndex, strategy: TableStrategy, isForced: boolean): Renewal {
  if (rebuildUs(rebuild) <= BRIEF_REBUILD_US && !isForced) return 'rebuild';
  if (isSwap(strategy)) return rebuild.canBeAside ? 'aside' : 'rebuild';
  if (!rebuild.canFollow) return 'rebuild';
  return isForced || followUs(rebuild) < rebuildUs(rebuild) ? 'follow' : 'rebuild';
}

/** How an index that is out of step comes into step again. */
export interface RenewedIndex {
  readonly rebuild: SizedIndex;
  readonly how: Renewal;
}

/** @param strategies of `tables`, as they were chosen @param isForced as for {@link renewalOf} */
export function renewalsOf(
  rebuilds: readonly SizedIndex[],
  tables: readonly Table[],
  strategies: readonly TableStrategy[],
  isForced: boolean,
): RenewedIndex[] {
  return rebuilds.map((rebuild) => {
    const position = tables.findIndex(({ name }) => name === rebuild.index.tables[0]);
    return { rebuild, how: renewalOf(rebuild, strategies[position] ?? 'none', isForced) };
  });
}

/** What the index adds to the time under the lock. */
export function renewalUs(rebuild: SizedIndex, renewal: Renewal): number {
  if (renewal === 'aside') return 0;
  return renewal === 'follow' ? followUs(rebuild) : rebuildUs(rebuild);
}

function followUs(rebuild: Rebuild): number {
  const share = rebuild.changes / Math.max(1, rebuild.rows);
  // One entry goes, and one comes.
  return share * rebuildUs(rebuild) * 2 * SINGLE_ENTRY_FACTOR;
}

/** As the end of a sentence. Small ones are not worth a word. */
export function describeRenewals(renewals: readonly RenewedIndex[]): string {
  const named = (wanted: Renewal) => {
    const some = renewals.filter(({ how }) => how === wanted);
    const us = some.reduce((sum, { rebuild, how }) => sum + renewalUs(rebuild, how), 0);
    return { us, names: some.map(({ rebuild }) => rebuild.index.name).join(', ') };
  };
  const [rebuilt, followed, aside] = [named('rebuild'), named('follow'), named('aside')];
  const parts = [
    rebuilt.us < 100_000
      ? ''
      : `; under the lock the search index ${rebuilt.names} is rebuilt, roughly ${(rebuilt.us / 1e6).toFixed(1)} s`,
    followed.names && `; the search index ${followed.names} is told of each changed row`,
    aside.names && `; the search index ${aside.names} is built beforehand`,
  ];
  return parts.join('');
}
