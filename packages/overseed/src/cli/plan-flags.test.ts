import { expect, test } from 'vitest';
import { parseFlags } from './parse-flags.ts';
import { PLAN_FLAGS, planFiles } from './plan-flags.ts';

const parse = (line: string, changes: boolean) =>
  planFiles(parseFlags(line.split(' ').filter(Boolean), PLAN_FLAGS).flags, { changes });

test('files are as they were typed', () => {
  expect(parse('', true)).toEqual({ out: undefined, reviewed: undefined });
  expect(parse('--out a/plan.json', false)).toEqual({
    out: 'a/plan.json',
    reviewed: undefined,
  });
  expect(parse('--plan=plan.json', true)).toEqual({ out: undefined, reviewed: 'plan.json' });
  expect(parse('--plan plan.json', false).reviewed).toBe('plan.json');
});

test.each([
  { line: '--out plan.json', changes: true, says: '--out saves a plan, and this command would push.' },
  { line: '--out a --plan b', changes: false, says: '--out saves a plan and --plan pushes one.' },
  { line: '--out=', changes: false, says: '--out needs the name of a file.' },
  { line: '--plan=', changes: true, says: '--plan needs the name of a file.' },
])('`$line` is refused', ({ line, changes, says }) => {
  expect(() => parse(line, changes)).toThrow(
    expect.objectContaining({ code: 'BAD_FLAG', what: says, state: 'not-contacted' }),
  );
});
