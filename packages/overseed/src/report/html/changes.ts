/** Row by row, cell by cell: what comes, what changes, what goes. Bounded by bytes, and says what it leaves out. */
import type { TablePlan } from '../../model/plan.ts';
import { formatCount } from '../../util/format.ts';
import type { CellChange, ReportFacts, RowChange, ShownValue, TableChanges } from '../facts.ts';
import { shareOut } from '../sample/share-out.ts';
import { visibleName } from '../values/visible.ts';
import { fitting } from './fitting.ts';
import { html, type Markup } from './markup.ts';
import { counted, section, value } from './show.ts';

/** All rows together. */
const BYTES = 850_000;
/** Columns named in a table's line of new values. */
const COLUMNS = 12;
/** Rows that are open from the start; further tables open with a key, a click or a search. */
const OPEN_ROWS = 40;

/** Old and new value stand below each other when together they have more characters. */
const ONE_LINE = 52;

const WORDS: Readonly<Record<RowChange['kind'], { readonly sign: string; readonly word: string }>> = {
  insert: { sign: '+', word: 'new' },
  update: { sign: '~', word: 'changed' },
  delete: { sign: '−', word: 'gone' },
};

export function changesSection({ changes, plan, ending }: ReportFacts): Markup | undefined {
  if (changes.length === 0) return undefined;
  const plans = new Map(plan?.tables.map((table) => [visibleName(table.table), table]));
  const rendered = changes
    .map((table) => ({ table, rows: table.rows.map(rowOf) }))
    .filter(({ rows }) => rows.length > 0);
  const shares = shareOut(
    rendered.map(({ rows }) => rows.reduce((sum, { bytes }) => sum + bytes, 0)),
    BYTES,
  );
  let listed = 0;
  const tables = rendered.map(({ table, rows }, index) => {
    const shown = fitting(rows, shares[index] ?? 0, (row) => row);
    listed += shown.length;
    return tableBlock(table, shown, { plan: plans.get(table.table), isOpen: listed <= OPEN_ROWS });
  });
  const without = changes.length - tables.length;
  return section(
    'changes',
    'Changes',
    ending.kind === 'checked'
      ? html`<p class="note">What a push would add, change and take away.</p>\n`
      : undefined,
    controls(),
    ...tables,
    without > 0
      ? html`<p class="note">The rows of ${counted(without, 'more table')} are not listed; the summary counts them.</p>`
      : undefined,
  );
}

/** For the script; without it there is nothing to operate. */
function controls(): Markup {
  const boxes = (['insert', 'update', 'delete'] as const).map(
    (kind) =>
      html`<label class="${kind}"><input type="checkbox" name="${kind}" checked> ${WORDS[kind].sign} ${WORDS[kind].word}</label>\n`,
  );
  return html`<search id="controls" hidden>
<label class="query">Find in these rows <input type="search" id="query" autocomplete="off" spellcheck="false" placeholder="a key, a column, a value"></label>
<fieldset><legend class="unseen">Kinds of change</legend>
${boxes}</fieldset>
<p id="matches" role="status"></p>
</search>
`;
}

function tableBlock(
  table: TableChanges,
  rows: readonly Markup[],
  { plan, isOpen }: { plan: TablePlan | undefined; isOpen: boolean },
): Markup {
  const { inserts, updates, deletes } = table;
  const total = inserts + updates + deletes;
  const shown = table.rows.slice(0, rows.length).reduce((sum, { copies }) => sum + copies, 0);
  return html`<details${isOpen ? html` open` : undefined}>
<summary><h3>${table.table}</h3> ${tally('insert', inserts)} ${tally('update', updates)} ${tally('delete', deletes)}</summary>
${newValues(plan)}${shown < total ? html`<p class="note">Listed here: the first ${formatCount(shown)} of ${counted(total, 'row')}.</p>\n` : undefined}<table class="rows">
<thead><tr><th scope="col"><span class="unseen">Kind</span></th><th scope="col">Row</th><th scope="col">Values</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</details>
`;
}

function tally(kind: RowChange['kind'], total: number): Markup | undefined {
  if (total === 0) return undefined;
  const { sign, word } = WORDS[kind];
  return html`<span class="tally ${kind}">${sign}${formatCount(total)} <span class="unseen">${word}</span></span>`;
}

function newValues(plan: TablePlan | undefined): Markup | undefined {
  const columns = plan?.changedColumns ?? [];
  if (columns.length === 0) return undefined;
  const named = columns
    .slice(0, COLUMNS)
    .map(({ column, rows }) => `${visibleName(column)} in ${counted(rows, 'row')}`);
  const more = columns.length > COLUMNS ? ` and ${counted(columns.length - COLUMNS, 'more column')}` : '';
  return html`<p class="note">New values: ${named.join(', ')}${more}.</p>\n`;
}

function rowOf({ kind, copies, key, cells, moreCells }: RowChange): Markup {
  const { sign, word } = WORDS[kind];
  const more =
    moreCells > 0 ? html`<li class="more">and ${counted(moreCells, 'more column')}</li>` : undefined;
  const times = copies > 1 ? html` <small>${formatCount(copies)} times</small>` : undefined;
  return html`<tr class="${kind}"><td class="sign"><span aria-hidden="true">${sign}</span><span class="unseen">${word}</span></td><th scope="row"><bdi>${key}</bdi>${times}</th><td><ul>${cells.map(cellOf)}${more}</ul></td></tr>\n`;
}

function cellOf({ column, before, after }: CellChange): Markup {
  if (before && after) {
    const isOtherType = before.kind !== after.kind && ![before.kind, after.kind].includes('null');
    const type = (kind: string) => (isOtherType ? html` <small>${kind}</small>` : undefined);
    const isLong = lengthOf(before) + lengthOf(after) > ONE_LINE;
    return html`<li${isLong ? html` class="long"` : undefined}><b>${column}</b> <span><del>${value(before)}${type(before.kind)}</del> <ins>${value(after)}${type(after.kind)}</ins></span></li>`;
  }
  const only = before ?? after;
  return html`<li><b>${column}</b> ${only && value(only)}</li>`;
}

function lengthOf({ parts }: ShownValue): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
