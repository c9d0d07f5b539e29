/** The head of the page: how it ended, from where to where, when, and what to type to go back. */
import path from 'node:path';
import { formatMs } from '../../util/format-ms.ts';
import type { ReportFacts } from '../facts.ts';
import { headline } from './ending.ts';
import { html, type Markup } from './markup.ts';
import { line } from './show.ts';

export function header(facts: ReportFacts): Markup {
  const { tone, sign, text } = headline(facts);
  const entries = factsOf(facts).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`);
  return html`<header>
<p class="eyebrow"><b>Overseed</b> <code>${facts.command}</code></p>
<h1 class="${tone}"><span class="badge" aria-hidden="true">${sign}</span>${text}</h1>
<dl class="head">
${entries}</dl>
</header>
`;
}

function factsOf(facts: ReportFacts): [string, string | Markup][] {
  const { source, target, targetName, store, startedAt, ms, runId, ending, undoCommand } = facts;
  const to =
    target === undefined || target === targetName
      ? targetName
      : html`${line(targetName)} <small>${line(target)}</small>`;
  const when = `${startedAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const backup =
    ending.kind === 'outcome' && ending.outcome.status === 'applied' ? ending.outcome.backup : undefined;
  return [
    ...(source === undefined ? [] : [['From', line(source)] satisfies [string, string]]),
    ['To', to],
    ...(store ? [['Media', line(store)] satisfies [string, string]] : []),
    ['Began', html`<time datetime="${startedAt.toISOString()}">${when}</time>`],
    ['Took', formatMs(ms)],
    ['Run', html`<code>${runId}</code>`],
    ...(backup === undefined ? [] : [['Backup', pathOf(backup)] satisfies [string, Markup]]),
    ...(undoCommand === undefined
      ? []
      : [['Undo', html`<code>${undoCommand}</code>`] satisfies [string, Markup]]),
  ];
}

/** It breaks after slashes, if it must. */
function pathOf(file: string): Markup {
  const parts = path.relative(process.cwd(), file).split(path.sep);
  return html`<code>${parts.map((part, index) => (index === 0 ? part : html`/<wbr>${part}`))}</code>`;
}
