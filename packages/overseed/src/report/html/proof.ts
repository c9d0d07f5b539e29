/** What was compared, checked and found; and what deserves a second look. */
import type { Proof } from '../../model/outcome.ts';
import { formatCount } from '../../util/format.ts';
import type { ReportFacts, ReportFinding } from '../facts.ts';
import { visibleName } from '../values/visible.ts';
import { fitting } from './fitting.ts';
import { html, type Markup } from './markup.ts';
import { counted, message, section, withCode } from './show.ts';

const FINDINGS_BYTES = 80_000;
const WARNINGS_BYTES = 60_000;
const TABLES_BYTES = 40_000;

export function proofSection({ ending, targetName }: ReportFacts): Markup | undefined {
  if (ending.kind !== 'outcome') return undefined;
  const { outcome } = ending;
  if (outcome.status !== 'applied' && outcome.status !== 'unchanged') return undefined;
  const { proof } = outcome;
  const how =
    outcome.status === 'applied'
      ? `After the commit ${targetName} was read again over a fresh connection, and compared with the source.`
      : `${targetName} was read and compared with the source.`;
  const rows = fitting(
    proof.tables,
    TABLES_BYTES,
    ({ table, rows }) => html`<li>${visibleName(table)} <b>${formatCount(rows)}</b></li>\n`,
  );
  const hidden = proof.tables.length - rows.length;
  return section(
    'proof',
    'Proof',
    html`<p>${how} ${proved(proof)}</p>
<details><summary>Rows compared, by table</summary>
<ul class="columns">
${rows}</ul>
${hidden > 0 ? html`<p class="note">and ${counted(hidden, 'more table')}</p>` : undefined}</details>
`,
  );
}

function proved({ tables, assetsChecked }: Proof): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const urls = assetsChecked > 0 ? ` ${counted(assetsChecked, 'URL')} answered with the file.` : '';
  return `${counted(rows, 'row')} of ${counted(tables.length, 'table')} are equal, cell by cell.${urls}`;
}

export function findingsSection({ findings }: ReportFacts): Markup | undefined {
  if (findings.length === 0) return undefined;
  // What is wrong is what people look for.
  const problems = findings.filter(({ status }) => status === 'problem');
  const all = [...problems, ...findings.filter(({ status }) => status === 'ok')];
  const shown = fitting(all, FINDINGS_BYTES, findingOf);
  const hidden = all.length - shown.length;
  return section(
    'checks',
    'Checks',
    html`<p>${problems.length === 0 ? `All ${formatCount(findings.length)} are good.` : `${formatCount(problems.length)} of ${formatCount(findings.length)} found something.`}</p>
<ul class="findings">
${shown}</ul>
${hidden > 0 ? html`<p class="note">and ${counted(hidden, 'more check')}</p>` : undefined}`,
  );
}

function findingOf({ status, subject, detail, cure }: ReportFinding): Markup {
  const isGood = status === 'ok';
  const sign = html`<span class="${isGood ? 'good' : 'bad'}"><span aria-hidden="true">${isGood ? '✔' : '✘'}</span><span class="unseen">${isGood ? 'good: ' : 'problem: '}</span></span>`;
  const help = cure === undefined ? undefined : html`<p class="cure">${withCode(cure)}</p>`;
  return html`<li>${sign} <b>${visibleName(subject)}</b> <div>${message(detail)}${help}</div></li>\n`;
}

export function warningsSection({ warnings }: ReportFacts): Markup | undefined {
  const { items, total } = warnings;
  if (total === 0) return undefined;
  const shown = fitting(items, WARNINGS_BYTES, (text) => html`<li>${message(text)}</li>\n`);
  return section(
    'warnings',
    'Warnings',
    html`<ul>
${shown}</ul>
${total > shown.length ? html`<p class="note">and ${counted(total - shown.length, 'more warning')}</p>` : undefined}`,
  );
}
