/** The catalogue of errors as a page of documentation. */
import { type ErrorCode, errorCatalogue, stateSentence } from '../../packages/overseed/src/model/error.ts';

/** By exit code, in the order in which a run meets them. */
const GROUPS: readonly (readonly [exitCode: number, heading: string])[] = [
  [4, 'Bad input'],
  [3, 'Refused'],
  [5, 'Another run'],
  [1, 'Failed'],
  [130, 'Stopped by hand'],
];

export function errorReference(): string {
  return GROUPS.map(([exitCode, heading]) => {
    const codes = (Object.keys(errorCatalogue) as ErrorCode[]).filter(
      (code) => errorCatalogue[code].exitCode === exitCode,
    );
    return `## ${heading}\n\nExit code ${exitCode}.\n\n${codes.map(oneError).join('\n')}`;
  }).join('\n');
}

function oneError(code: ErrorCode): string {
  const { summary, states, cure } = errorCatalogue[code];
  const sentences = states.map((state) => stateSentence(state).replace(/\.$/, ''));
  const [first = '', ...others] = sentences;
  const state = [first, ...others.map((text) => text.charAt(0).toLowerCase() + text.slice(1))].join('; or ');
  return `### ${code}\n\n${summary}\n\n**Then:** ${state}.\n\n**What to do:** ${cure}\n`;
}
