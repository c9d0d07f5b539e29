import { ask, type Statement, type Target } from '../target/target.ts';
import { markerTableQuestion, RUNS_TABLE } from './run-marker.ts';

/** Runs are made on many machines, so their own clocks say which came last. */
const lastRunQuestion: Statement = {
  sql: `SELECT run, finished FROM ${RUNS_TABLE} ORDER BY finished DESC, run DESC LIMIT 1`,
};

/** The last run that was committed on `target`; undefined when there was none. */
export async function lastRun(
  target: Target,
  signal: AbortSignal,
): Promise<{ id: string; finished: string } | undefined> {
  const [tables] = await ask(target, [markerTableQuestion], signal);
  if (tables?.[0]?.[0] !== 1n) return undefined;
  const [runs] = await ask(target, [lastRunQuestion], signal);
  const [id, finished] = runs?.[0] ?? [];
  return id === undefined ? undefined : { id: String(id), finished: String(finished) };
}
