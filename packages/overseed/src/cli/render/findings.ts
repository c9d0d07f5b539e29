import type { Finding } from '../../doctor/finding.ts';
import { painter } from './paint.ts';
import { wrapText } from './wrap-text.ts';

/** Columns before the detail: the mark, and room for most subjects. */
const SUBJECT_WIDTH = 24;

/** One line a finding, the cure below a problem. */
export function findingText(
  finding: Finding,
  { color, width = 80 }: { color: boolean; width?: number },
): string {
  const isGood = finding.status === 'ok';
  const head = `${painter(color)(isGood ? 'green' : 'red', isGood ? '✔' : '✘')} ${finding.subject.padEnd(SUBJECT_WIDTH)}`;
  const indent = ' '.repeat(SUBJECT_WIDTH + 5);
  const room = Math.max(30, width - indent.length);
  const said = finding.status === 'ok' ? finding.detail : `${finding.detail}\n${finding.cure}`;
  const [first = '', ...rest] = said.split('\n').flatMap((line) => wrapText(line, room));
  return [`  ${head} ${first}`, ...rest.map((line) => `${indent}${line}`)]
    .map((line) => `${line}\n`)
    .join('');
}
