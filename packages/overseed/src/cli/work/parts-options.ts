import { classifySource } from '../../config/source-choice.ts';
import { OverseedError } from '../../model/error.ts';
import type { SourceOptions } from '../../project.ts';

/** @param given after --source: a path relative to the working folder, or `-`. @throws BAD_FLAG */
export function sourceOptions(given: string | undefined, signal: AbortSignal): SourceOptions {
  const common = { input: process.stdin, signal };
  if (given === undefined) return common;
  const choice = classifySource(given, process.cwd());
  if (typeof choice !== 'string') return { ...common, choice };
  throw new OverseedError('BAD_FLAG', {
    what: `--source ${given} ${choice}.`,
    state: 'not-contacted',
    next: 'Correct the command, then run it again.',
  });
}
