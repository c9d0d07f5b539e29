/** Recorded runs as a table, newest first. The ID of a run begins with its time. */
import type { RecordedRun } from '../../history/read-runs.ts';
import { formatCount } from '../../util/format.ts';
import { alignColumns } from './table.ts';

export function historyLines(target: string, runs: readonly RecordedRun[], width: number): string[] {
  if (runs.length === 0) return [`Nothing was ever pushed to ${target}.`];
  const show = (count: number) => (count === 0 ? '·' : formatCount(count));
  const [head = '', ...lines] = alignColumns([
    ['run', 'insert', 'update', 'delete', 'files'],
    ...runs.map((run) => [
      run.runId,
      ...[run.inserted, run.updated, run.deleted, run.uploaded].map((count) => show(count)),
    ]),
  ]);
  const room = width - head.length - 2;
  return [
    `Runs on ${target}, newest first (UTC)`,
    '',
    `${head}  source`,
    ...lines.map((line, index) => `${line}  ${lastPart(runs[index]?.source ?? '', room)}`),
  ];
}

/** What is at the end of a path says most. */
function lastPart(text: string, room: number): string {
  return text.length <= room ? text : `…${text.slice(-Math.max(1, room - 1))}`;
}
