/** Rows that change, as many as people will read, with what is new in each. */
import { storedColumns, type Table } from '../../model/schema.ts';
import type { Row, SqlValue } from '../../model/value.ts';
import { type ChangedPair, changedPairsOf } from '../../plan/changed-pairs.ts';
import type { Comparison } from '../../plan/comparison.ts';
import { isSameValue } from '../../util/same-value.ts';
import type { CellChange, RowChange, TableChanges } from '../facts.ts';
import type { Redact } from '../redact.ts';
import { showCell, showChange } from '../values/show-value.ts';
import { shorten, visibleName } from '../values/visible.ts';
import { shareOut } from './share-out.ts';

/** Rows of all tables together. */
const ROWS = 1_200;
/** Tables whose rows are shown. */
const TABLES = 200;
/** Columns of a row that comes or goes, and of one that changes. */
const CELLS = { insert: 12, delete: 12, update: 24 };
const KEY_LENGTH = 120;

/** What is lost comes first. */
const KINDS = ['delete', 'update', 'insert'] as const;

export function sampleChanges(comparison: Comparison, redact: Redact): TableChanges[] {
  const changed = comparison.tables
    .map((plan, index) => ({ plan, index, total: plan.inserts + plan.updates + plan.deletes }))
    .filter(({ total }) => total > 0);
  const shares = shareOut(
    changed.slice(0, TABLES).map(({ total }) => total),
    ROWS,
  );
  return changed.map(({ plan: { table, inserts, updates, deletes }, index }, position) => {
    const scope = comparison.scope[index] as Table;
    const counts = [deletes, updates, inserts];
    const limits = shareOut(counts, shares[position] ?? 0);
    const rows = KINDS.flatMap((kind, number) =>
      [...changedPairsOf(comparison, scope, index, { kind, limit: limits[number] ?? 0 })].map((pair) =>
        showRow(scope, pair, redact),
      ),
    );
    return { table: visibleName(table), inserts, updates, deletes, rows };
  });
}

function showRow(table: Table, pair: ChangedPair, redact: Redact): RowChange {
  const { kind, copies, before, after } = pair;
  const cells = kind === 'update' ? changedCells(table, pair, redact) : cellsOf(table, pair, redact);
  const shown = cells.slice(0, CELLS[kind]).map((show) => show());
  return {
    kind,
    copies,
    key: showKey(table, after ?? before ?? [], redact),
    cells: shown,
    moreCells: cells.length - shown.length,
  };
}

function changedCells(table: Table, { before = [], after = [] }: ChangedPair, redact: Redact) {
  return storedColumns(table).flatMap(({ name }, position): (() => CellChange)[] => {
    const [old, now] = [before[position] ?? null, after[position] ?? null];
    return isSameValue(old, now) ? [] : [() => showChange(name, old, now, redact)];
  });
}

/** Cells without a value say nothing, and the key is told already. */
function cellsOf(table: Table, { kind, before, after }: ChangedPair, redact: Redact): (() => CellChange)[] {
  const row: Row = (kind === 'insert' ? after : before) ?? [];
  return storedColumns(table).flatMap(({ name }, position) => {
    const value = row[position] ?? null;
    if (value === null || table.key.includes(name)) return [];
    const side = kind === 'insert' ? 'after' : 'before';
    return [() => ({ column: visibleName(name), [side]: showCell(name, value, redact) })];
  });
}

export function showKey(table: Table, row: readonly SqlValue[], redact: Redact): string {
  const columns = storedColumns(table).map(({ name }) => name);
  const parts = table.key.map((name) => {
    const { parts: shown } = showCell(name, row[columns.indexOf(name)] ?? null, redact);
    return `${visibleName(name)}=${shown.join('')}`;
  });
  return shorten(parts.join(' '), KEY_LENGTH);
}
