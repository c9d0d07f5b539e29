import type { RowProblem } from './source.ts';

/** The same problem, saying where the row is written. */
export function withPlace(problem: RowProblem, place: string | undefined): RowProblem {
  if (place === undefined) return problem;
  const { further = [], ...one } = problem;
  return {
    ...one,
    message: `${one.message} (${place})`,
    ...(further.length > 0 ? { further: further.map((other) => withPlace(other, place)) } : {}),
  };
}
