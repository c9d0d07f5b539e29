/** What a user may expect of the output of a command that failed. */
import { expect } from 'vitest';
import type { CommandResult } from './run-command.ts';

type Output = Pick<CommandResult, 'exitCode' | 'stdout' | 'stderr'>;

export interface Failure {
  readonly exitCode: number;
  /** What the message must name: the table, the row's key, the column, the file, the variable. */
  readonly names: readonly (string | RegExp)[];
}

/** The message as one line, without the breaks that fit it to the width of a terminal. */
export function messageOf({ stderr }: Output): string {
  return stderr.replaceAll(/\s+/g, ' ').trim();
}

/** One clear message, no stack, no claim of success. */
export function expectFailure(result: Output, { exitCode, names }: Failure): void {
  const everything = result.stdout + result.stderr;
  expect(everything).not.toMatch(/File run successfully|Done in/);
  expect(everything).not.toMatch(/^\s+at .*[(:]\S*:\d+|node:internal|\[object Object\]|undefined/m);
  const message = messageOf(result);
  expect(message.match(/✘/g)).toHaveLength(1);
  for (const name of names) {
    if (typeof name === 'string') expect(message).toContain(name);
    else expect(message).toMatch(name);
  }
  expect(result.exitCode).toBe(exitCode);
}
