import { styleText } from 'node:util';
import type { Finding } from '../../doctor/finding.ts';

/** One line a finding, the cure below a problem. */
export function findingText(finding: Finding, { color }: { color: boolean }): string {
  const good = finding.status === 'ok';
  const mark = good ? '✔' : '✘';
  const painted = color ? styleText(good ? 'green' : 'red', mark, { validateStream: false }) : mark;
  const indent = ' '.repeat(29);
  const [first = '', ...rest] = finding.detail.split('\n');
  const lines = [
    `  ${painted} ${finding.subject.padEnd(24)} ${first}`,
    ...rest.map((line) => `${indent}${line}`),
  ];
  if (!good) lines.push(`${indent}${finding.cure}`);
  return `${lines.join('\n')}\n`;
}
