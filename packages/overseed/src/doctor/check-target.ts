/** May we write there, and do its clock and ours agree? */
import { OverseedError } from '../model/error.ts';
import { assertEquals } from '../target/assert-equals.ts';
import { ask, StepFailed, type Target } from '../target/target.ts';
import { type Finding, ok, problem } from './finding.ts';

/** Clocks that differ by less are good enough for whoever reads the times of runs and leases, in ms. */
const GOOD_SKEW_MS = 30_000;

/** Begins to write, and takes it back: a table is made in a transaction whose last step is meant to fail. */
export async function checkPermission(target: Target, signal: AbortSignal): Promise<Finding> {
  const steps = [{ sql: 'CREATE TABLE _overseed_doctor (x)' }, assertEquals('SELECT 0', 1)];
  try {
    await target.write(steps, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StepFailed && error.step === 1) return ok('permission', 'may write');
    if (error instanceof StepFailed) return problem('permission', `may not write: ${error.message}`, CURE);
    if (error instanceof OverseedError) return problem('permission', error.what, error.next);
    throw error;
  }
  return problem('permission', 'a transaction that had to fail was committed', 'Please report this.');
}

const CURE = 'Use a token, or a file, that may be written. `plan` and `verify` need none.';

export async function checkClock(target: Target, signal: AbortSignal): Promise<Finding> {
  const before = Date.now();
  const [rows = []] = await ask(target, [{ sql: "SELECT unixepoch('subsec')" }], signal);
  const here = (before + Date.now()) / 2;
  const skewMs = Number(rows[0]?.[0]) * 1_000 - here;
  const seconds = Math.abs(skewMs / 1_000).toFixed(1);
  if (Math.abs(skewMs) < GOOD_SKEW_MS) return ok('clock', `differs by ${seconds} s`);
  return problem(
    'clock',
    `of this machine is ${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} that of ${target.label}`,
    'Set it by the network: times of backups, runs and signatures come from it.',
  );
}
