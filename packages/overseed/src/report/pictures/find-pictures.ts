/** Pictures that rows will refer to and did not, and the other way round; the first of them. */
import type { AssetColumns } from '../../model/asset-columns.ts';
import { storedColumns, type Table } from '../../model/schema.ts';
import type { SqlValue } from '../../model/value.ts';
import { type ChangedPair, changedPairsOf } from '../../plan/changed-pairs.ts';
import type { Comparison } from '../../plan/comparison.ts';
import { foldName } from '../../util/fold-name.ts';
import type { Redact } from '../redact.ts';
import { showKey } from '../sample/sample-changes.ts';
import { visibleName } from '../values/visible.ts';

/** Pictures that a report shows. */
const PICTURES = 40;
/** Rows of one kind in which they are looked for. */
const ROWS = 1_000;

/** Those that changed say the most. */
const KINDS = ['update', 'insert', 'delete'] as const;

/** One column of one row that refers to a picture, or to several. */
export interface FoundPicture {
  readonly table: string;
  readonly key: string;
  readonly column: string;
  /** URLs as they stand in the row. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface FoundPictures {
  readonly found: readonly FoundPicture[];
  readonly total: number;
  /** False when rows were left out of the search. */
  readonly isTotalKnown: boolean;
}

export function findPictures(
  comparison: Comparison,
  assetColumns: Readonly<Record<string, AssetColumns>>,
  redact: Redact,
): FoundPictures {
  const declared = new Map(Object.entries(assetColumns).map(([name, columns]) => [foldName(name), columns]));
  const found: FoundPicture[] = [];
  let total = 0;
  let isTotalKnown = true;
  for (const kind of KINDS) {
    for (const [index, table] of comparison.scope.entries()) {
      const within = urlColumns(table, declared.get(foldName(table.name)) ?? []);
      if (within.length === 0) continue;
      let rows = 0;
      for (const pair of changedPairsOf(comparison, table, index, { kind, limit: ROWS, within })) {
        rows++;
        for (const picture of picturesOf(table, within, pair, redact)) {
          total++;
          if (found.length < PICTURES) found.push(picture);
        }
      }
      if (rows === ROWS) isTotalKnown = false;
    }
  }
  return { found, total, isTotalKnown };
}

/** As the table spells them. */
function urlColumns(table: Table, declared: AssetColumns): string[] {
  const wanted = new Set(declared.map(({ url }) => foldName(url)));
  return storedColumns(table)
    .map(({ name }) => name)
    .filter((name) => wanted.has(foldName(name)));
}

function* picturesOf(
  table: Table,
  columns: readonly string[],
  { before, after }: ChangedPair,
  redact: Redact,
): Generator<FoundPicture> {
  const names = storedColumns(table).map(({ name }) => name);
  for (const column of columns) {
    const position = names.indexOf(column);
    const [old, now] = [urlsIn(before?.[position] ?? null), urlsIn(after?.[position] ?? null)];
    for (let index = 0; index < Math.max(old.length, now.length); index++) {
      if (old[index] === now[index]) continue;
      yield {
        table: visibleName(table.name),
        key: showKey(table, after ?? before ?? [], redact),
        column: visibleName(column),
        before: old[index],
        after: now[index],
      };
    }
  }
}

/** One URL, or a JSON array of them. */
function urlsIn(cell: SqlValue): (string | undefined)[] {
  if (typeof cell !== 'string' || cell === '') return [];
  if (!cell.startsWith('[')) return [cell];
  try {
    const list: unknown = JSON.parse(cell);
    if (!Array.isArray(list)) return [cell];
    return list.map((item) => (typeof item === 'string' ? item : undefined));
  } catch {
    return [cell]; // It only looks like one.
  }
}
