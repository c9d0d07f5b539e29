/**
 * The lease: a row on the target that keeps two runs apart. It expires by itself when its owner dies, and it carries a
 * fencing number, which grows with every new owner. The apply batch asks for that number, so a run that was paused
 * for so long that another one took over cannot commit when it wakes up.
 *
 * All times are the target's own, so that clocks of two machines need not agree.
 */
import os from 'node:os';
import { messageOf, OverseedError } from '../model/error.ts';
import type { Run } from '../model/run.ts';
import { assertEquals } from '../target/assert-equals.ts';
import type { Statement, Target } from '../target/target.ts';
import { writeAgain } from '../target/write-again.ts';
import { NOW_MS } from '../util/sql.ts';
import { LEASE_TABLE } from './questions.ts';

/** A dead owner keeps others waiting at most this long, in ms. */
const LEASE_MS = 30_000;

export interface Lease extends AsyncDisposable {
  /** Grows by one with each owner. */
  readonly fence: bigint;
  /** Fails inside a transaction when the lease is no longer ours. */
  readonly assertHeld: Statement;
  /** Gives it back inside a transaction. */
  readonly release: Statement;
  /** Tables, indexes and triggers of our own that were on the target when the lease was taken: `_overseed_…`. */
  readonly ownThings: readonly string[];
  /** To be called when {@link release} was committed. */
  released(): void;
}

/**
 * Takes the lease and renews it until it is disposed.
 * @throws LEASE_HELD naming who has it and since when
 */
export async function acquireLease(target: Target, run: Run): Promise<Lease> {
  const owner = `${os.userInfo().username}@${os.hostname()} (process ${process.pid}, run ${run.id})`;
  let answer = await acquire(target, owner, undefined, run);
  // A process of this machine that is gone will not come back for its lease, so there is nothing to wait for.
  if (answer.holder !== owner && isDeadHere(answer.holder))
    answer = await acquire(target, owner, answer.holder, run);
  const { holder, fence, ageMs, ownThings } = answer;
  if (holder !== owner) throw held(target, holder, ageMs);
  const mine = { sql: 'owner=? AND fence=?', args: [owner, fence] };
  const timer = setInterval(() => void renew(), LEASE_MS / 3);
  timer.unref();

  async function renew(): Promise<void> {
    try {
      await target.write(
        [
          {
            sql: `UPDATE ${LEASE_TABLE} SET expires=${NOW_MS}+${LEASE_MS} WHERE ${mine.sql}`,
            args: mine.args,
          },
        ],
        run.signal,
      );
    } catch {
      // The next renewal comes before it expires; and without any, the fencing number keeps this run from committing.
    }
  }

  let isHeld = true;
  const release: Statement = {
    sql: `UPDATE ${LEASE_TABLE} SET owner=NULL, expires=0 WHERE ${mine.sql}`,
    args: mine.args,
  };
  return {
    fence,
    assertHeld: assertEquals(`SELECT count(*) FROM ${LEASE_TABLE} WHERE ${mine.sql}`, 1, mine.args),
    release,
    ownThings,
    released() {
      isHeld = false;
      clearInterval(timer);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      if (!isHeld) return;
      try {
        await target.write([release], new AbortController().signal);
      } catch (error) {
        // It expires by itself: the worst case is that the next run waits for it.
        run.emit({
          kind: 'warning',
          message: `The lease on ${target.label} could not be given back: ${messageOf(error)}`,
        });
      }
    },
  };
}

/** @param dead an owner who is known to be dead */
async function acquire(target: Target, owner: string, dead: string | undefined, run: Run) {
  const { results } = await writeAgain(target, acquisition(owner, dead), run);
  const [holder, fence, since, now] = results.at(-1)?.[0] ?? [];
  const ownThings = (results.at(-2) ?? []).map(([name]) => String(name));
  return { holder: String(holder), fence: fence as bigint, ageMs: Number(now) - Number(since), ownThings };
}

/** True when `owner` was a process of this machine and user, and there is no such process now. */
function isDeadHere(owner: string): boolean {
  const [, who, pid] = /^(.*) \(process (\d+), run /.exec(owner) ?? [];
  if (who !== `${os.userInfo().username}@${os.hostname()}` || Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function acquisition(owner: string, dead = owner): Statement[] {
  return [
    {
      sql: `CREATE TABLE IF NOT EXISTS ${LEASE_TABLE} (id INTEGER PRIMARY KEY CHECK (id=1), owner TEXT,
            fence INTEGER NOT NULL, since INTEGER NOT NULL, expires INTEGER NOT NULL)`,
    },
    { sql: `INSERT OR IGNORE INTO ${LEASE_TABLE} VALUES (1, NULL, 0, 0, 0)` },
    {
      sql: `UPDATE ${LEASE_TABLE} SET owner=?, fence=fence+1, since=${NOW_MS}, expires=${NOW_MS}+${LEASE_MS}
            WHERE owner IS NULL OR owner IN (?, ?) OR expires<${NOW_MS}`,
      args: [owner, owner, dead],
    },
    { sql: `SELECT name FROM sqlite_schema WHERE name LIKE '\\_overseed\\_%' ESCAPE '\\'` },
    { sql: `SELECT owner, fence, since, ${NOW_MS} FROM ${LEASE_TABLE}` },
  ];
}

function held(target: Target, owner: string, ageMs: number): OverseedError {
  const age =
    ageMs < 60_000 ? `${Math.max(0, Math.round(ageMs / 1_000))} s` : `${Math.round(ageMs / 60_000)} min`;
  return new OverseedError('LEASE_HELD', {
    what: `Another run is pushing to ${target.label}: ${owner}, for ${age}.`,
    state: 'old',
    next: `Wait for it to end. If it died, its lease expires by itself within ${LEASE_MS / 1_000} s.`,
  });
}
