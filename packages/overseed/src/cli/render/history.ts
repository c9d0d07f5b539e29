/** Recorded runs as a table, newest first. */
import type { RecordedRun } from '../../history/read-runs.ts';
import { alignColumns } from './table.ts';

export function historyLines(target: string, runs: readonly RecordedRun[]): string[] {
  if (runs.length === 0) return [`Nothing was ever pushed to ${target}.`];
  const show = (count: number) => (count === 0 ? '·' : String(count));
  return [
    `Runs on ${target}, newest first (UTC)`,
    '',
    ...alignColumns([
      ['finished', 'insert', 'update', 'delete', 'files', 'run', 'source'],
      ...runs.map((run) => [
        run.finishedAt.slice(0, 16).replace('T', ' '),
        show(run.inserted),
        show(run.updated),
        show(run.deleted),
        show(run.uploaded),
        run.runId,
        run.source,
      ]),
    ]),
  ];
}
