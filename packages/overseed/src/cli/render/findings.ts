import { styleText } from 'node:util';
import type { Finding } from '../../doctor/finding.ts';

/** One line a finding, the cure below a problem. */
export function findingText(finding: Finding, { color }: { color: boolean }): string {
  const good = finding.status === 'ok';
  const mark = good ? '✔' : '✘';
  const painted = color ? styleText(good ? 'green' : 'red', mark, { validateStream: false }) : mark;
  const line = `  ${painted} ${finding.subject.padEnd(24)} ${finding.detail}\n`;
  return good ? line : `${line}    ${' '.repeat(24)} ${finding.cure}\n`;
}
