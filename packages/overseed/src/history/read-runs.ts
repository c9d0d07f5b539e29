/** The runs that are recorded on a target. */
import { RUNS_TABLE } from '../apply/run-marker.ts';
import { ask, type Target } from '../target/target.ts';

export interface RecordedRun {
  readonly runId: string;
  /** ISO 8601 in UTC. */
  readonly finishedAt: string;
  readonly source: string;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly uploaded: number;
}

/** The newest runs, newest first; none where nothing was ever pushed. */
export async function readRuns(target: Target, limit: number, signal: AbortSignal): Promise<RecordedRun[]> {
  const [found = []] = await ask(
    target,
    [{ sql: "SELECT count(*) FROM sqlite_schema WHERE type='table' AND name=?", args: [RUNS_TABLE] }],
    signal,
  );
  if (found[0]?.[0] !== 1n) return [];
  const [rows = []] = await ask(
    target,
    [
      {
        sql: `SELECT run, finished, source, inserted, updated, deleted, uploaded FROM ${RUNS_TABLE}
              ORDER BY finished DESC, run DESC LIMIT ?`,
        args: [BigInt(limit)],
      },
    ],
    signal,
  );
  return rows.map(([runId, finishedAt, source, inserted, updated, deleted, uploaded]) => ({
    runId: String(runId),
    finishedAt: String(finishedAt),
    source: String(source),
    inserted: Number(inserted),
    updated: Number(updated),
    deleted: Number(deleted),
    uploaded: Number(uploaded),
  }));
}
