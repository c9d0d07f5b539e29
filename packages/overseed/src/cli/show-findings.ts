/** The results of checks, as they come. */
import type { Finding } from '../doctor/finding.ts';
import type { Output } from './output.ts';
import { findingText } from './render/findings.ts';
import { jsonLine } from './render/json.ts';

/** @returns whether all were good */
export async function showFindings(
  findings: AsyncIterable<Finding> | Iterable<Finding>,
  output: Output,
  targetName?: string,
): Promise<boolean> {
  const { format, write } = output;
  let isGood = true;
  for await (const finding of findings) {
    isGood &&= finding.status === 'ok';
    if (format === 'json') write(jsonLine({ kind: 'finding', ...finding }, targetName));
    else if (format === 'text' || finding.status === 'problem') write(findingText(finding, output));
  }
  if (format === 'text') write('\n');
  if (format === 'json') write(jsonLine({ kind: 'checks-finished', good: isGood }, targetName));
  return isGood;
}
