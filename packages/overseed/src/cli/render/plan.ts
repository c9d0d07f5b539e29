/** A plan as calm lines: a table, then in words what is lost, what is sent, and who else is reached. */
import { describeDependants } from '../../model/dependants.ts';
import { isStaged, type Plan, type TablePlan } from '../../model/plan.ts';
import { countOf } from '../../util/count-of.ts';
import { formatBytes, formatCount } from '../../util/format.ts';
import { costLines } from './cost.ts';
import { alignColumns } from './table.ts';
import { labelled } from './wrap-text.ts';

/** With more tables than this, those that stay as they are become one line. */
const LISTED_TABLES = 20;

export interface PlanOptions {
  readonly width: number;
  readonly isVerbose: boolean;
}

export function planLines(plan: Plan, { width, isVerbose }: PlanOptions): string[] {
  const notes = [
    ...lossNotes(plan),
    ...fileNotes(plan),
    ...costNotes(plan),
    ...plan.dependants.map(
      (dependants): Note => [
        'outside',
        `${describeDependants(dependants)}${dependants.allowed ? ', as allowed' : ''}`,
      ],
    ),
    ...applyNotes(plan, isVerbose),
  ];
  const lines = notes.flatMap(([label, text]) => labelled(label, text, width));
  return [...tableLines(plan.tables), ...(lines.length > 0 ? [''] : []), ...lines];
}

type Note = readonly [label: string, text: string];

function tableLines(tables: readonly TablePlan[]): string[] {
  const isChanged = ({ inserts, updates, deletes }: TablePlan) => inserts + updates + deletes > 0;
  const shown = tables.length > LISTED_TABLES ? tables.filter(isChanged) : tables;
  const show = (count: number) => (count === 0 ? '·' : formatCount(count));
  const rows = shown.map(({ table, inserts, updates, deletes, unchanged }) => [
    table,
    show(inserts),
    show(updates),
    show(deletes),
    show(unchanged),
  ]);
  const hidden = tables.length - shown.length;
  return [
    ...alignColumns([['table', 'insert', 'update', 'delete', 'same'], ...rows]),
    ...(hidden > 0 ? [`  and ${countOf(hidden, 'table')} without a change`] : []),
  ];
}

/** What the target holds now and will not hold any more. */
function lossNotes({ tables }: Plan): Note[] {
  const deleted = tables.filter(({ deletes }) => deletes > 0);
  const updated = tables.filter(({ updates }) => updates > 0);
  const notes: Note[] = [];
  if (deleted.length > 0)
    notes.push(['deleted', enumerate(deleted.map(({ table, deletes }) => rowsOf(deletes, table)))]);
  if (updated.length > 0)
    notes.push(['replaced', enumerate(updated.map(({ table, updates }) => rowsOf(updates, table)))]);
  return notes;
}

function rowsOf(count: number, table: string): string {
  return `${formatCount(count)} ${count === 1 ? 'row' : 'rows'} of ${table}`;
}

/** The longest list that is read rather than skipped. */
const ENUMERATED = 6;

function enumerate(items: readonly string[]): string {
  const more = items.length - ENUMERATED;
  return more > 0
    ? `${items.slice(0, ENUMERATED).join(', ')}, and rows of ${countOf(more, 'more table')}`
    : items.join(', ');
}

function fileNotes({ uploads, reusedAssets }: Plan): Note[] {
  if (uploads.length === 0 && reusedAssets === 0) return [];
  const bytes = uploads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const upload =
    uploads.length > 0
      ? `${formatCount(uploads.length)} to upload (${formatBytes(bytes)})`
      : 'nothing to upload';
  const known = reusedAssets > 0 ? `, ${formatCount(reusedAssets)} already in the store` : '';
  return [['files', upload + known]];
}

function costNotes({ storeCost }: Plan): Note[] {
  const lines = storeCost ? costLines(storeCost) : [];
  return lines.length > 0 ? [['cost', lines.join('\n')]] : [];
}

function applyNotes({ apply }: Plan, isVerbose: boolean): Note[] {
  if (!apply.tables.some(isStaged) && !isVerbose) return [];
  return [['apply', `${apply.why}; about ${formatCount(apply.estimatedRowsWritten)} rows written`]];
}

/** Names of columns stand below each other up to this length. */
const ALIGNED_NAME = 32;

/** Which columns change, and in how many rows. */
export function columnLines({ tables }: Plan, width: number): string[] {
  return tables
    .filter(({ changedColumns }) => changedColumns.length > 0)
    .flatMap(({ table, changedColumns }) => {
      const longest = Math.max(...changedColumns.map(({ column }) => column.length));
      const lines = changedColumns.flatMap(({ column, rows }) =>
        labelled(
          `  ${column.padEnd(Math.min(longest, ALIGNED_NAME))}`,
          `new in ${countOf(rows, 'row')}`,
          width,
        ),
      );
      return [`  ${table}`, ...lines];
    });
}
