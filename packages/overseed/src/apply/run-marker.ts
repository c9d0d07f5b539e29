/** The run marker: a row written inside the apply batch. If it is there, the batch was committed. */
import type { Statement } from '../target/target.ts';

export const RUNS_TABLE = '_overseed_runs';

export interface RunRecord {
  readonly runId: string;
  readonly finishedAt: Date;
  readonly source: string;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly uploaded: number;
}

export function markerStatements(record: RunRecord): Statement[] {
  return [
    {
      sql: `CREATE TABLE IF NOT EXISTS ${RUNS_TABLE} (
        run TEXT PRIMARY KEY, finished TEXT NOT NULL, source TEXT NOT NULL, inserted INTEGER NOT NULL,
        updated INTEGER NOT NULL, deleted INTEGER NOT NULL, uploaded INTEGER NOT NULL) WITHOUT ROWID`,
    },
    {
      sql: `INSERT INTO ${RUNS_TABLE} VALUES (?,?,?,?,?,?,?)`,
      args: [
        record.runId,
        record.finishedAt.toISOString(),
        record.source,
        BigInt(record.inserted),
        BigInt(record.updated),
        BigInt(record.deleted),
        BigInt(record.uploaded),
      ],
    },
  ];
}

/**
 * Asks for the marker. Runs as a write, so that it waits in line behind a batch that may still be running.
 * The table may not exist; so the schema is asked first, and the marker only where there is one.
 */
export const markerTableQuestion: Statement = {
  sql: 'SELECT count(*) FROM sqlite_schema WHERE type=? AND name=?',
  args: ['table', RUNS_TABLE],
};

export function markerQuestion(runId: string): Statement {
  return { sql: `SELECT count(*) FROM ${RUNS_TABLE} WHERE run=?`, args: [runId] };
}
