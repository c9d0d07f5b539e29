/** When each stage was at work. A table, whose bars are for the eye alone. */
import type { Stage } from '../../model/event.ts';
import { formatMs } from '../../util/format-ms.ts';
import type { ReportFacts, StageSpan } from '../facts.ts';
import { html, type Markup } from './markup.ts';
import { line, section } from './show.ts';

const MEANING: Readonly<Record<Stage, string>> = {
  build: 'the source, as a database on this machine',
  pull: 'what the target holds',
  plan: 'the difference',
  fetch: 'files out of the store',
  digest: 'fingerprints of both sides',
  backup: 'what the target held, kept',
  upload: 'files into the store',
  stage: 'changed rows sent ahead',
  index: 'indexes of new tables built',
  apply: 'one transaction',
  verify: 'both sides compared again',
  scan: 'the store and its ledger',
  prune: 'files that nobody needs',
};

export function timelineSection({ stages, ms }: ReportFacts): Markup | undefined {
  if (stages.length === 0) return undefined;
  const whole = Math.max(ms, ...stages.map(({ endMs }) => endMs), 1);
  return section(
    'timeline',
    'Timeline',
    html`<table class="timeline">
<thead><tr><th scope="col">Stage</th><th scope="col"><span class="unseen">When</span></th><th scope="col">Began</th><th scope="col">Took</th><th scope="col">Result</th></tr></thead>
<tbody>
${stages.map((span) => rowOf(span, whole))}</tbody>
</table>
`,
  );
}

function rowOf({ stage, startMs, endMs, detail }: StageSpan, whole: number): Markup {
  const start = percent(startMs / whole);
  // What took next to no time is still to be seen.
  const width = percent(Math.max((endMs - startMs) / whole, 0.004));
  const isDone = detail !== undefined;
  const bar = html`<svg aria-hidden="true" width="100%" height="14"><rect class="track" x="0" y="6.5" width="100%" height="1"/><rect class="${isDone ? 'bar' : 'bar broken'}" x="${start}" y="1" width="${width}" height="12" rx="2"/></svg>`;
  return html`<tr><th scope="row">${stage}<small>${MEANING[stage]}</small></th><td class="when">${bar}</td><td class="number">${formatMs(startMs)}</td><td class="number">${formatMs(endMs - startMs)}</td><td>${isDone ? line(detail) : html`<b class="delete">did not end</b>`}</td></tr>\n`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
