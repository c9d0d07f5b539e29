import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { StoreError } from '../assets/asset-store.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';
import { type Job, runJobs, type Work } from './job-queue.ts';
import { RETRY_POLICY, type RetryPolicy } from './retry-policy.ts';

interface NamedJob extends Job {
  readonly name: number;
}

const passing = (extra: { retryAfterMs?: number; throttled?: boolean } = {}) =>
  new StoreError('HTTP 503', { kind: 'passing', ...extra });
const permanent = () => new StoreError('Invalid image file', { kind: 'permanent' });

function* jobs(count: number, onTake?: () => void): Generator<NamedJob> {
  for (let name = 0; name < count; name++) {
    onTake?.();
    yield { name, sizeBytes: 1 };
  }
}

async function run(
  count: number,
  work: Work<NamedJob>,
  {
    policy = {},
    signal = new AbortController().signal,
    max = 4,
  }: { policy?: Partial<RetryPolicy>; signal?: AbortSignal; max?: number } = {},
) {
  const waits: number[] = [];
  const limit = new AdaptiveLimit({ startAt: max, max });
  const report = await runJobs(jobs(count), work, {
    limit,
    policy: { ...RETRY_POLICY, backoff: { baseMs: 2, maxMs: 8 }, ...policy },
    signal,
    onRetry: (_job, _attempt, _error, waitMs) => waits.push(waitMs),
  });
  expect(limit.running).toBe(0);
  return { ...report, waits };
}

describe('jobs', () => {
  test('each is done once when nothing fails, so many at once as the limit says', async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    const report = await run(50, async ({ name }) => {
      most = Math.max(most, ++running);
      await sleep(1);
      running--;
      done.push(name);
    });
    expect(report).toEqual({ failures: [], untried: 0, stoppedBy: undefined, waits: [] });
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, name) => name));
    expect(most).toBe(4);
  });

  test('an error that passes is tried again, up to so many times; one that stays is not', async () => {
    const tries = new Map<number, number>();
    const { failures, untried } = await run(
      10,
      async ({ name }) => {
        tries.set(name, (tries.get(name) ?? 0) + 1);
        if (name === 3) throw permanent();
        if (name === 5) throw passing();
        if (name === 7 && tries.get(name) === 1) throw passing();
      },
      { policy: { attempts: 4 } },
    );
    expect(failures.map(({ job, error }) => [job.name, error.message])).toEqual([
      [3, 'Invalid image file'],
      [5, 'HTTP 503'],
    ]);
    expect(untried).toBe(0);
    expect([...tries].filter(([, count]) => count > 1)).toEqual([
      [5, 4],
      [7, 2],
    ]);
  });

  test('every failure is reported, however many there are', async () => {
    const { failures } = await run(500, async ({ name }) => {
      if (name % 2 === 0) throw permanent();
    });
    expect(failures).toHaveLength(250);
  });

  test('are taken from their source only when their turn comes', async () => {
    let taken = 0;
    let done = 0;
    let mostAhead = 0;
    await runJobs(
      jobs(1_000, () => taken++),
      async () => {
        mostAhead = Math.max(mostAhead, taken - done);
        await sleep(0);
        done++;
      },
      {
        limit: new AdaptiveLimit({ startAt: 4, max: 8 }),
        policy: RETRY_POLICY,
        signal: new AbortController().signal,
        onRetry: () => undefined,
      },
    );
    expect(done).toBe(1_000);
    expect(mostAhead).toBeLessThanOrEqual(8);
  });
});

describe('a pause that the store asks for', () => {
  test('nothing begins before it is over', async () => {
    const starts: number[] = [];
    let asked = 0;
    const { failures, waits } = await run(40, async ({ name }) => {
      starts.push(performance.now());
      await sleep(2);
      if (name === 10 && asked === 0) {
        asked = performance.now();
        throw passing({ retryAfterMs: 150, throttled: true });
      }
    });
    expect(failures).toEqual([]);
    const late = starts.filter((start) => start > asked);
    expect(late.length).toBeGreaterThan(20);
    expect(Math.min(...late) - asked).toBeGreaterThanOrEqual(149);
    expect(waits[0]).toBeGreaterThanOrEqual(150);
  });

  test('when it is too long, everything stops, and what failed says why', async () => {
    const { failures, untried, stoppedBy } = await run(20, async () => {
      throw passing({ retryAfterMs: 3_600_000 });
    });
    expect(stoppedBy).toBe('long-pause');
    expect(failures.length + untried).toBe(20);
    expect(failures[0]?.error.retryAfterMs).toBe(3_600_000);
  });
});

describe('everything stops', () => {
  test('at once when it is cancelled: nothing begins any more, what is under way is told', async () => {
    const controller = new AbortController();
    let begun = 0;
    let told = 0;
    const report = await run(
      100,
      async (_job, signal) => {
        if (++begun === 10) controller.abort();
        if (!signal.aborted) await once(signal, 'abort');
        told++;
        throw new StoreError('no answer', { kind: 'passing' });
      },
      { signal: controller.signal, max: 10 },
    );
    expect({ begun, told }).toEqual({ begun: 10, told: 10 });
    expect(report).toMatchObject({ failures: [], untried: 100 });
  });

  test('at the first answer that refuses the credentials', async () => {
    let begun = 0;
    const { failures, untried, stoppedBy } = await run(100, async () => {
      begun++;
      await sleep(1);
      throw new StoreError('Invalid api_key', { kind: 'credentials' });
    });
    expect(stoppedBy).toBe('credentials');
    expect(begun).toBe(4);
    expect(failures.length + untried).toBe(100);
  });

  test('when the store fails again and again and takes nothing', async () => {
    const { stoppedBy, failures, untried } = await run(
      1_000,
      async () => {
        throw passing();
      },
      { policy: { down: { failures: 12, ms: 30 }, budget: { spare: 10_000, perFile: 3 } } },
    );
    expect(stoppedBy).toBe('down');
    expect(untried).toBeGreaterThan(900);
    expect(failures.length + untried).toBe(1_000);
  });

  test('when the retries together are more than a living store needs', async () => {
    let calls = 0;
    const { stoppedBy } = await run(
      200,
      async () => {
        // It never looks dead: one call in ten is a success.
        if (++calls % 10 !== 0) throw passing();
      },
      { policy: { attempts: 1_000, budget: { spare: 20, perFile: 3 } } },
    );
    expect(stoppedBy).toBe('budget');
    expect(calls).toBeLessThan(20 + 4 * 200);
  });
});

test('a try that gets no answer in its time is ended, and the job is tried again', async () => {
  const tries = new Map<number, number>();
  const { failures } = await run(
    8,
    async ({ name }, signal) => {
      tries.set(name, (tries.get(name) ?? 0) + 1);
      if (name % 4 !== 0 || (tries.get(name) ?? 0) > 1) return;
      await once(signal, 'abort');
      // Either way says that it was told to stop.
      if (name === 0) throw signal.reason;
      throw new StoreError('no answer', { kind: 'passing' });
    },
    { policy: { attemptMs: () => 30 } },
  );
  expect(failures).toEqual([]);
  expect([...tries.values()].toSorted()).toEqual([1, 1, 1, 1, 1, 1, 2, 2]);
});

test('a bug in the work is not taken for a failure of the store', async () => {
  const bug = new TypeError('undefined is not a function');
  const running = run(20, async ({ name }) => {
    if (name === 5) throw bug;
    await sleep(1);
  });
  await expect(running).rejects.toBe(bug);
});
