/** A large target that proves itself unchanged since the last run need not be read again. */
import { hasState, keepState, recallState } from '../backups/last-state.ts';
import { inStage, type Run } from '../model/run.ts';
import type { Table } from '../model/schema.ts';
import { type Actual, pullTarget } from '../pull/pull-target.ts';
import { SMALL_ROWS } from '../sqlite/apart.ts';
import type { Target } from '../target/target.ts';
import { countOf } from '../util/count-of.ts';
import type { ScratchFolder } from '../util/scratch-folder.ts';
import type { Parts } from './parts.ts';
import type { Prepared } from './prepare.ts';

/** What the target holds now. @param afresh do not trust what was remembered */
export function pull(
  parts: Parts,
  { scope }: Prepared,
  scratch: ScratchFolder,
  run: Run,
  { afresh = false } = {},
): Promise<Actual> {
  const file = scratch.file('actual.db');
  let recalled: Actual | undefined;
  return inStage(
    run,
    'pull',
    async () => {
      if (!afresh) recalled = await recall(parts, scope, file, run);
      return recalled ?? (await pullTarget(parts.target, scope, file, run, { watch: true }));
    },
    ({ rowCount }) => `${countOf(rowCount, 'row')}${recalled ? ', not changed since the last run' : ''}`,
  );
}

async function recall(
  { states, target }: Parts,
  tables: readonly Table[],
  file: string,
  run: Run,
): Promise<Actual | undefined> {
  if (states === undefined || !(await hasState(states, target.label))) return undefined;
  const mark = await target.mark(run.signal);
  const version = await versionOf(target, run);
  if (version === undefined) return undefined;
  const state = await recallState(states, target.label, { version, tables, file });
  return state && { ...state, version, mark };
}

async function versionOf(target: Target, run: Run): Promise<string | undefined> {
  await using snapshot = target.snapshot(run.signal);
  await snapshot.query([{ sql: 'SELECT 1' }], { last: true });
  return snapshot.version();
}

/** Remembers a state that was just seen. A failure costs the next run time, nothing else. */
export async function remember({ states, target }: Parts, actual: Actual, run: Run): Promise<void> {
  const { version, rowCount } = actual;
  if (states === undefined || version === undefined || rowCount <= SMALL_ROWS) return;
  try {
    await keepState(states, target.label, { ...actual, version });
  } catch (error) {
    run.emit({
      kind: 'warning',
      message: `The state of ${target.label} could not be kept: ${String(error)}`,
    });
  }
}
