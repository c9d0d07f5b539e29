/** The plan in numbers: rows that come, change, go and stay, and files. */
import { describeDependants } from '../../model/dependants.ts';
import type { Plan, TablePlan } from '../../model/plan.ts';
import { formatBytes, formatCount } from '../../util/format.ts';
import type { ReportFacts } from '../facts.ts';
import { visibleName } from '../values/visible.ts';
import { fitting } from './fitting.ts';
import { html, type Markup } from './markup.ts';
import { count, counted, line, scrolling, section } from './show.ts';

/** Tables with a line of their own, and what they may take. */
const TABLES = 400;
const TABLES_BYTES = 120_000;
const DEPENDANTS_BYTES = 20_000;

interface Words {
  readonly insert: string;
  readonly update: string;
  readonly delete: string;
  readonly same: string;
  readonly file: string;
  /** Heads of the columns of a table. */
  readonly heads: readonly [
    insert: string,
    update: string,
    remove: string,
    same: string,
    before: string,
    after: string,
  ];
}

const HEADS = ['new', 'changed', 'gone', 'same', 'before', 'after'] as const;
const DONE: Words = {
  insert: 'added',
  update: 'changed',
  delete: 'removed',
  same: 'unchanged',
  file: 'uploaded',
  heads: HEADS,
};
const PLANNED: Words = {
  insert: 'to add',
  update: 'to change',
  delete: 'to remove',
  same: 'unchanged',
  file: 'to upload',
  heads: HEADS,
};
const CHECKED: Words = {
  insert: 'missing',
  update: 'different',
  delete: 'too many',
  same: 'equal',
  file: 'never uploaded',
  heads: ['missing', 'different', 'too many', 'equal', 'target', 'source'],
};

export function summary({ plan, ending }: ReportFacts): Markup | undefined {
  if (!plan) return undefined;
  const isDone = ending.kind === 'outcome' && ending.outcome.status === 'applied';
  // A run that failed after its commit has done it.
  const isPast = isDone || (ending.kind === 'failed' && ending.failure.state === 'new');
  const sum = (pick: 'inserts' | 'updates' | 'deletes' | 'unchanged') =>
    plan.tables.reduce((total, table) => total + table[pick], 0);
  const uploaded = isDone ? ending.outcome.uploads.uploaded : plan.uploads.length;
  const bytes = isDone
    ? ending.outcome.uploads.bytes
    : plan.uploads.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  const words = ending.kind === 'checked' ? CHECKED : isPast ? DONE : PLANNED;
  const figures = [
    figure('insert', '+', sum('inserts'), words.insert),
    figure('update', '~', sum('updates'), words.update),
    figure('delete', '−', sum('deletes'), words.delete),
    figure('same', '=', sum('unchanged'), words.same),
    ...(uploaded + plan.reusedAssets > 0
      ? [
          figure(
            'file',
            '↑',
            uploaded,
            `${words.file}${uploaded > 0 ? `, ${formatBytes(bytes)}` : ''}`,
            'files',
          ),
        ]
      : []),
  ];
  return section(
    'summary',
    'Summary',
    html`<ul class="figures">${figures}</ul>\n`,
    scrolling('Rows by table', tableOf(plan, words)),
    outside(plan),
  );
}

function figure(kind: string, sign: string, value: number, label: string, unit = 'rows'): Markup {
  return html`<li class="${value === 0 ? 'none' : kind}"><span class="sign" aria-hidden="true">${sign}</span> <b>${formatCount(value)}</b> <span>${value === 1 ? unit.slice(0, -1) : unit} ${label}</span></li>\n`;
}

function tableOf({ tables }: Plan, { heads }: Words): Markup {
  const isChanged = ({ inserts, updates, deletes }: TablePlan) => inserts + updates + deletes > 0;
  const byChange =
    tables.length > TABLES
      ? [...tables.filter(isChanged), ...tables.filter((table) => !isChanged(table))]
      : tables;
  const rows = fitting(byChange.slice(0, TABLES), TABLES_BYTES, (table) => {
    const { inserts, updates, deletes, unchanged, rowsBefore, rowsAfter } = table;
    return html`<tr><th scope="row">${visibleName(table.table)}</th>${cell(inserts, 'insert')}${cell(updates, 'update')}${cell(deletes, 'delete')}${cell(unchanged)}${cell(rowsBefore)}${cell(rowsAfter)}</tr>\n`;
  });
  const hidden = byChange.length - rows.length;
  return html`<table class="numbers">
<thead><tr><th scope="col">Table</th>${heads.map((head, index) => html`<th scope="col">${headOf(head, SIGNS[index])}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>
${hidden > 0 ? html`<p class="note">${counted(hidden, 'more table')} not listed here.</p>` : undefined}`;
}

const SIGNS = ['+', '~', '−', '='] as const;

/** Where there is no room, the sign alone is seen. */
function headOf(head: string, sign: string | undefined): Markup {
  return sign === undefined ? html`${head}` : html`${sign} <span class="wide">${head}</span>`;
}

function cell(value: number, kind?: string): Markup {
  const name = value === 0 ? 'none' : kind;
  return html`<td${name === undefined ? undefined : html` class="${name}"`}>${count(value)}</td>`;
}

function outside({ dependants }: Plan): Markup | undefined {
  if (dependants.length === 0) return undefined;
  const items = fitting(
    dependants,
    DEPENDANTS_BYTES,
    (each) => html`<li>${line(describeDependants(each))}${each.allowed ? ', as allowed' : ''}</li>\n`,
  );
  const hidden = dependants.length - items.length;
  return html`<h3>Outside the source</h3>
<ul>
${items}</ul>
${hidden > 0 ? html`<p class="note">and ${counted(hidden, 'more table')}</p>` : undefined}`;
}
