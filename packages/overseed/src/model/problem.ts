/** One thing that is wrong with one row (or one file) of the source; many are reported together. */
export interface Problem {
  readonly table: string;
  /** The row's key as people know it, for example `id=6f1c…`, or its position when it has none. */
  readonly row: string;
  readonly column?: string;
  /** The offending value, already shortened for display. */
  readonly value?: string;
  /** What is wrong, as a sentence part: `is not a UUID`. */
  readonly message: string;
}

/** Most problems that are listed one by one; the rest are counted. */
const LISTED = 20;

function describeProblem(problem: Problem): string {
  const where = problem.column ? `${problem.table}.${problem.column}` : problem.table;
  const value = problem.value === undefined ? '' : ` ${problem.value}`;
  return `${where} (${problem.row}):${value} ${problem.message}`;
}

/** One line a problem, at most {@link LISTED} of them and a count of the others. */
export function listProblems(problems: readonly Problem[]): string {
  const lines = problems.slice(0, LISTED).map((problem) => `  ${describeProblem(problem)}`);
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`  … and ${more} more`);
  return lines.join('\n');
}
