import type { Fingerprints } from '../model/fingerprint.ts';
import type { Plan } from '../model/plan.ts';
import { countOf } from '../util/count-of.ts';
import { printable } from '../util/printable.ts';
import type { SavedPlan } from './saved-plan.ts';

export interface Move {
  /** `scope`: neither side, but what this push is about. */
  readonly side: 'target' | 'source' | 'scope';
  readonly text: string;
}

/** The source still says what the plan leads to, be the order of its tables another. */
export function leadsToTheSame(reviewed: SavedPlan, now: Fingerprints): boolean {
  const [then, here] = [reviewed, now].map(({ resultsIn: { tables, assets } }) =>
    JSON.stringify([tables.map(({ table, rows }) => [table, rows]).sort(), assets]),
  );
  return then === here;
}

/** Where the two sides are no longer what the plan was made from, table by table, with their numbers then and now. */
export function whatMoved(reviewed: SavedPlan, now: Plan & Fingerprints): Move[] {
  return [...movesOfScope(reviewed, now), ...movesOfTarget(reviewed, now), ...movesOfSource(reviewed, now)];
}

function movesOfScope(reviewed: SavedPlan, now: Plan & Fingerprints): Move[] {
  const [then, here] = [reviewed, now].map(({ basedOn, resultsIn }) => ({
    all: new Set(basedOn.tables.map(({ table }) => table)),
    source: new Set(resultsIn.tables.map(({ table }) => table)),
  }));
  if (!then || !here) return [];
  const gone = [...then.all].filter((table) => !here.all.has(table));
  const fresh = [...here.all].filter((table) => !then.all.has(table));
  return [
    ...gone.map(
      (table): Move =>
        then.source.has(table)
          ? { side: 'source', text: `${printable(table)} is in the plan, and no longer in the source` }
          : { side: 'scope', text: `${printable(table)} follows in the plan, and not in this push` },
    ),
    ...fresh.map(
      (table): Move =>
        here.source.has(table)
          ? { side: 'source', text: `${table} is in the source, and not in the plan` }
          : { side: 'scope', text: `${table} follows in this push, and not in the plan` },
    ),
  ];
}

function movesOfTarget(reviewed: SavedPlan, now: Plan & Fingerprints): Move[] {
  const then = new Map(reviewed.basedOn.tables.map((entry) => [entry.table, entry]));
  const redefined = redefinedTables(reviewed, now);
  return now.basedOn.tables.flatMap(({ table, rows }): Move[] => {
    const before = then.get(table);
    if (before === undefined) return [];
    const texts: string[] = [];
    if (redefined.has(table)) texts.push('the table, an index or a trigger is defined otherwise');
    if (before.rows !== rows && (!redefined.has(table) || countMoved(reviewed, now, table, 'rowsBefore')))
      texts.push(thenAndNow(reviewed, now, table, 'rowsBefore'));
    return texts.map((text) => ({ side: 'target', text: `${table} on the target: ${text}` }));
  });
}

function movesOfSource(reviewed: SavedPlan, now: Plan & Fingerprints): Move[] {
  const then = new Map(reviewed.resultsIn.tables.map(({ table, rows }) => [table, rows]));
  const redefined = redefinedTables(reviewed, now);
  const moved = now.resultsIn.tables
    .filter(({ table, rows }) => then.has(table) && then.get(table) !== rows)
    // Columns and types are the target's: when they change, so does what the same source leads to.
    .filter(({ table }) => !redefined.has(table) || countMoved(reviewed, now, table, 'rowsAfter'));
  const texts = moved.map(
    ({ table }) => `${table} in the source: ${thenAndNow(reviewed, now, table, 'rowsAfter')}`,
  );
  if (reviewed.resultsIn.assets !== now.resultsIn.assets) texts.push(filesThenAndNow(reviewed, now));
  return texts.map((text) => ({ side: 'source', text }));
}

function redefinedTables(reviewed: SavedPlan, now: Fingerprints): ReadonlySet<string> {
  const then = new Map(reviewed.basedOn.tables.map(({ table, schema }) => [table, schema]));
  const redefined = now.basedOn.tables.filter(
    ({ table, schema }) => then.has(table) && then.get(table) !== schema,
  );
  return new Set(redefined.map(({ table }) => table));
}

type RowCount = 'rowsBefore' | 'rowsAfter';

function thenAndNow(reviewed: SavedPlan, now: Plan, table: string, count: RowCount): string {
  const [before, after] = [rowsOf(reviewed, table, count), rowsOf(now, table, count)];
  return before === after
    ? `${countOf(before, 'row')} then and now, but other values`
    : `${countOf(before, 'row')} then, ${after} now`;
}

function countMoved(reviewed: SavedPlan, now: Plan, table: string, count: RowCount): boolean {
  return rowsOf(reviewed, table, count) !== rowsOf(now, table, count);
}

function rowsOf({ tables }: Pick<Plan, 'tables'>, table: string, count: RowCount): number {
  return tables.find((plan) => plan.table === table)?.[count] ?? 0;
}

function filesThenAndNow(reviewed: SavedPlan, now: Plan): string {
  const [before, after] = [filesOf(reviewed), filesOf(now)];
  return before === after
    ? `files of the source: ${before} then and now, but others among them`
    : `files of the source: ${before} then, ${after} now`;
}

function filesOf({ uploads, reusedAssets }: { uploads: readonly unknown[]; reusedAssets: number }): number {
  return uploads.length + reusedAssets;
}
