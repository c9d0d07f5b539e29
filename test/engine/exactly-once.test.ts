/** P2, P6: cut connections, two runs at once, runs that wake up too late, rows that move under a plan. */
import { describe, expect, test } from 'vitest';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import { openHranaTarget } from '../../packages/overseed/src/target/hrana/open.ts';
import { AnswerLost, type Target } from '../../packages/overseed/src/target/target.ts';
import { type Cut, cuttingProxy } from '../support/cutting-proxy.ts';
import { beforeApply, type PlainRow, pushTo, remoteTarget } from '../support/engine.ts';

const SCHEMA = [
  'CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)',
  "INSERT INTO t VALUES (1,'old'),(2,'old'),(3,'same')",
];
const wanted: PlainRow[] = [
  { id: 1n, v: 'new' },
  { id: 3n, v: 'same' },
  { id: 4n, v: 'new' },
];
const NEW = [
  [1n, 'new'],
  [3n, 'same'],
  [4n, 'new'],
];
const OLD = [
  [1n, 'old'],
  [2n, 'old'],
  [3n, 'same'],
];
const ROWS = 'SELECT id, v FROM t ORDER BY id';

function codeOf(error: unknown): string {
  expect(error).toBeInstanceOf(OverseedError);
  return (error as OverseedError).code;
}

describe('P6: the answer to the commit is lost', () => {
  test.each<{ name: string; cut: Cut; written: number }>([
    {
      name: 'after the commit: the marker tells, and nothing is done twice',
      cut: 'before-answer',
      written: 0,
    },
    { name: 'before the request arrived: it is sent again', cut: 'before-request', written: 1 },
  ])('$name', async ({ cut, written }) => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    let cuts = 0;
    await using proxy = await cuttingProxy(target.url, (body) =>
      body.includes('INSERT INTO _overseed_runs') && cuts++ === 0 ? cut : 'none',
    );
    const variables = { url: 'U', token: 'T' };
    const { outcome, events } = await pushTo(
      target,
      { t: wanted },
      {
        around: () => openHranaTarget({ url: proxy.url, token: target.token, variables }),
      },
    );
    expect(outcome.status).toBe('applied');
    expect(outcome.status === 'applied' && Math.min(1, outcome.rowsWritten)).toBe(written);
    expect(
      events.some((event) => event.kind === 'warning' && /answer to the commit was lost/.test(event.message)),
    ).toBe(true);
    expect(await target.rows(ROWS)).toEqual(NEW);
    expect(await target.rows('SELECT count(*) FROM _overseed_runs')).toEqual([[1n]]);
  });

  test('while rows are staged: a chunk whose answer was lost is neither lost nor doubled', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    let staged = 0;
    await using proxy = await cuttingProxy(target.url, (body) =>
      body.includes('json_each') && staged++ === 0 ? 'before-answer' : 'none',
    );
    const variables = { url: 'U', token: 'T' };
    const { outcome } = await pushTo(
      target,
      { t: wanted },
      {
        strategy: 'swap',
        around: () => openHranaTarget({ url: proxy.url, token: target.token, variables }),
      },
    );
    expect(outcome.status).toBe('applied');
    expect(await target.rows(ROWS)).toEqual(NEW);
  });
});

describe('P6: the commit itself fails, and only the database knows what came of it', () => {
  const around = (commits: boolean) => (opened: Target) => ({
    ...opened,
    async write(...[steps, signal]: Parameters<Target['write']>) {
      const isApply = steps.some(({ sql }) => sql.includes('INSERT INTO _overseed_runs'));
      if (!isApply) return opened.write(steps, signal);
      if (commits) await opened.write(steps, signal);
      throw new OverseedError('TARGET_REJECTED', { what: 'disk I/O error.', state: 'unknown', next: '' });
    },
  });

  test('it took all the same: the marker tells', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const { outcome } = await pushTo(target, { t: wanted }, { around: around(true) });
    expect(outcome.status).toBe('applied');
    expect(await target.rows(ROWS)).toEqual(NEW);
  });

  test('it did not: the target is as it was', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const error = await pushTo(target, { t: wanted }, { around: around(false) }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'TARGET_REJECTED', state: 'old' });
    expect(await target.rows(ROWS)).toEqual(OLD);
  });
});

describe('P6: after the commit nobody is told that the target is as it was', () => {
  const afterApply =
    (then: () => void) =>
    (target: Target): Target => {
      let applied = false;
      return {
        ...target,
        snapshot(signal) {
          if (applied) then();
          return target.snapshot(signal);
        },
        async write(steps, signal) {
          const receipt = await target.write(steps, signal);
          applied ||= steps.some(({ sql }) => sql.includes('INSERT INTO _overseed_runs'));
          return receipt;
        },
      };
    };

  test('when the target cannot be read again', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const gone = () => {
      throw new OverseedError('TARGET_UNREACHABLE', { what: 'It is gone.', state: 'old', next: '' });
    };
    const error = await pushTo(target, { t: wanted }, { around: afterApply(gone) }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'TARGET_UNREACHABLE', state: 'new' });
    expect((error as OverseedError).what).toBe(
      'The new rows are committed, but could not be compared again. It is gone.',
    );
    expect(await target.rows(ROWS)).toEqual(NEW);
  });

  test('when the user stops the run', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const controller = new AbortController();
    const error = await pushTo(
      target,
      { t: wanted },
      { signal: controller.signal, around: afterApply(() => controller.abort(new Error('Ctrl-C'))) },
    ).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'INTERRUPTED', state: 'new', exitCode: 130 });
    expect(await target.rows(ROWS)).toEqual(NEW);
  });

  test('when a request that was given up arrives late and commits', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    let sent = 0;
    const late = (opened: Target): Target => ({
      ...opened,
      async write(steps, signal) {
        if (!steps.some(({ sql }) => sql.includes('INSERT INTO _overseed_runs')))
          return opened.write(steps, signal);
        if (sent++ === 0) throw new AnswerLost('on its way for a long time');
        await opened.write(steps, signal);
        return opened.write(steps, signal);
      },
    });
    const { outcome } = await pushTo(target, { t: wanted }, { around: late });
    expect(outcome.status).toBe('applied');
    expect(await target.rows(ROWS)).toEqual(NEW);
    expect(await target.rows('SELECT count(*) FROM _overseed_runs')).toEqual([[1n]]);
  });
});

describe('two runs', () => {
  test('at once: one works, the other is told who holds the lease and since when, with exit code 5', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    let second: unknown;
    await pushTo(
      target,
      { t: wanted },
      {
        around: beforeApply(async () => {
          second = await pushTo(target, { t: [] }).catch((error: unknown) => error);
        }),
      },
    );
    expect(codeOf(second)).toBe('LEASE_HELD');
    expect((second as OverseedError).exitCode).toBe(5);
    expect((second as OverseedError).what).toMatch(
      /Another run is pushing to 127\.0\.0\.1:\d+: \S+@\S+ \(process \d+, run \S+\), for \d+ s\./,
    );
    expect(await target.rows(ROWS)).toEqual(NEW);
  });

  test('a run that was paused beyond its lease cannot commit when it wakes (fencing)', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const other: PlainRow[] = [{ id: 9n, v: 'other' }];
    const error = await pushTo(
      target,
      { t: wanted },
      {
        around: beforeApply(async () => {
          await target.run('UPDATE _overseed_lease SET expires=0');
          expect((await pushTo(target, { t: other })).outcome.status).toBe('applied');
        }),
      },
    ).catch((thrown: unknown) => thrown);
    expect(codeOf(error)).toBe('LEASE_LOST');
    expect(await target.rows(ROWS)).toEqual([[9n, 'other']]);
  });

  test('a lease whose owner died expires by itself, and its staging tables are removed', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    await pushTo(target, { t: wanted });
    await target.run(
      "UPDATE _overseed_lease SET owner='dead@host', expires=0",
      'CREATE TABLE _overseed_stage_dead_0 (kind, c0)',
    );
    expect((await pushTo(target, { t: [] })).outcome.status).toBe('applied');
    expect(await target.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%stage%'")).toEqual([]);
  });

  test('the lease is given back after success and after failure', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    await pushTo(target, { t: wanted });
    expect(await target.rows('SELECT owner FROM _overseed_lease')).toEqual([[null]]);
    const broken = beforeApply(async () => {
      throw new OverseedError('TARGET_REJECTED', { what: 'no', state: 'old', next: '' });
    });
    await expect(pushTo(target, { t: [] }, { around: broken })).rejects.toThrow('no');
    expect(await target.rows('SELECT owner FROM _overseed_lease')).toEqual([[null]]);
  });
});

describe.each(['inline', 'delta', 'swap'] as const)(
  'the target moves between plan and apply, %s',
  (strategy) => {
    test('what somebody else did meanwhile is seen, planned again, and in the backup', async () => {
      await using target = await remoteTarget();
      await target.run(...SCHEMA);
      const { outcome, events } = await pushTo(
        target,
        { t: wanted },
        {
          strategy,
          around: beforeApply(() => target.run("INSERT INTO t VALUES (77,'theirs')")),
        },
      );
      expect(outcome).toMatchObject({ status: 'applied', plan: { tables: [{ rowsBefore: 4 }] } });
      expect(events.some((event) => event.kind === 'warning' && /Planning again/.test(event.message))).toBe(
        true,
      );
      expect(await target.rows(ROWS)).toEqual(NEW);
    });

    test('a failure inside the batch leaves the old rows and no staging table', async () => {
      await using target = await remoteTarget();
      await target.run(...SCHEMA);
      const fail = (steps: readonly { sql: string }[]) =>
        steps.map((step) =>
          step.sql.includes('INSERT INTO _overseed_runs') ? { sql: 'SELECT nope' } : step,
        );
      const error = await pushTo(
        target,
        { t: wanted },
        {
          strategy,
          around: (opened) => ({ ...opened, write: (steps, signal) => opened.write(fail(steps), signal) }),
        },
      ).catch((thrown: unknown) => thrown);
      expect(codeOf(error)).toBe('TARGET_REJECTED');
      expect(await target.rows(ROWS)).toEqual(OLD);
      expect(await target.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%stage%'")).toEqual([]);
    });
  },
);

test('an old value that changed meanwhile is not overwritten unseen', async () => {
  await using target = await remoteTarget();
  await target.run(...SCHEMA);
  const { outcome, events } = await pushTo(
    target,
    { t: wanted },
    { around: beforeApply(() => target.run("UPDATE t SET v='theirs' WHERE id=1")) },
  );
  expect(outcome.status).toBe('applied');
  expect(events.some((event) => event.kind === 'warning' && /Planning again/.test(event.message))).toBe(true);
  expect(await target.rows(ROWS)).toEqual(NEW);
});

test('300 rows over a slow link: a full forced push takes at most 15 round trips', async () => {
  await using target = await remoteTarget();
  await target.run(...SCHEMA);
  const rows = Array.from({ length: 300 }, (_, id) => ({ id: BigInt(id), v: `row ${id}` }));
  await using proxy = await cuttingProxy(target.url, () => 'none');
  const variables = { url: 'U', token: 'T' };
  const around = () => openHranaTarget({ url: proxy.url, token: target.token, variables });
  expect((await pushTo(target, { t: rows }, { around })).outcome.status).toBe('applied');
  console.info(`${proxy.requests()} requests for a first push`);
  expect(proxy.requests()).toBeLessThanOrEqual(15);
});
