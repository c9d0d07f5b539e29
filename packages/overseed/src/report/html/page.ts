/** The whole report as one page that needs nothing else: no other file, no network, no script. */
import { createHash } from 'node:crypto';
import type { ReportFacts } from '../facts.ts';
import { changesSection } from './changes.ts';
import { failureSection, headline } from './ending.ts';
import { header } from './header.ts';
import { html, type Markup, rawText } from './markup.ts';
import { picturesSection } from './pictures.ts';
import { findingsSection, proofSection, warningsSection } from './proof.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { summary } from './summary.ts';
import { timelineSection } from './timeline.ts';
import { uploadsSection } from './uploads.ts';

/** In the order of the page. */
const SECTIONS: readonly { id: string; title: string; render(facts: ReportFacts): Markup | undefined }[] = [
  { id: 'failure', title: 'What happened', render: failureSection },
  { id: 'summary', title: 'Summary', render: summary },
  { id: 'checks', title: 'Checks', render: findingsSection },
  { id: 'warnings', title: 'Warnings', render: warningsSection },
  { id: 'changes', title: 'Changes', render: changesSection },
  { id: 'pictures', title: 'Pictures', render: picturesSection },
  { id: 'timeline', title: 'Timeline', render: timelineSection },
  { id: 'uploads', title: 'Uploads', render: uploadsSection },
  { id: 'proof', title: 'Proof', render: proofSection },
];

/** Nothing is loaded from anywhere, and only our own style sheet and script count. */
const POLICY = [
  "default-src 'none'",
  'img-src data:',
  `style-src '${sourceHash(STYLE)}'`,
  `script-src '${sourceHash(SCRIPT)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Pure. The result stays below 2 MB whatever the facts. */
export function renderReport(facts: ReportFacts): string {
  const sections = SECTIONS.flatMap(({ id, title, render }) => {
    const content = render(facts);
    return content ? [{ id, title, content }] : [];
  });
  const { text } = headline(facts);
  return html`<!doctype html>
<!-- overseed-report 1 -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${text} · Overseed</title>
<style>${rawText(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">To the report</a>
${header(facts)}<nav aria-label="Parts of this report"><ul>
${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>\n`)}</ul></nav>
<main id="main">
${sections.map(({ content }) => content)}</main>
<footer><p>Written by Overseed ${facts.version}. This file is complete: it loads nothing and sends nothing. It holds rows of your database; values of columns that are named like passwords or tokens are left out.</p></footer>
<script>${rawText(SCRIPT)}</script>
</body>
</html>
`.text;
}

function sourceHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
