/** The outputs of the step, as `GITHUB_OUTPUT` wants them. */
import { randomUUID } from 'node:crypto';
import { weightiest } from './report.mjs';

export function outputLines({ targets, planFile, exitCode }) {
  const tables = [...targets.values()].flatMap((target) => target.tables);
  const sum = (key) => tables.reduce((total, table) => total + table[key], 0);
  const outputs = {
    status: exitCode === 4 || exitCode === 130 ? 'failed' : weightiest(targets),
    'exit-code': exitCode,
    inserts: sum('inserts'),
    updates: sum('updates'),
    deletes: sum('deletes'),
    uploads: [...targets.values()].reduce((total, { uploads }) => total + uploads, 0),
    'plan-file': planFile,
  };
  // A mark that nobody can guess: a value with a line break must not begin another output.
  const mark = `end-${randomUUID()}`;
  return Object.entries(outputs)
    .map(([name, value]) => `${name}<<${mark}\n${value}\n${mark}\n`)
    .join('');
}
