/** What a server refuses: a quota, no room, too many requests, a token, a statement. Named, and without harm. */
import { describe, expect, test } from 'vitest';
import type { Target } from '../../packages/overseed/src/target/target.ts';
import {
  beforeApply,
  failureOf,
  openRemote,
  type PlainRow,
  type PushOptions,
  pushTo,
  remoteTarget,
} from '../support/engine.ts';
import { type Fate, intercept } from '../support/intercept.ts';
import { limitedServer } from '../support/limited-server.ts';

const SCHEMA = [
  'CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)',
  "INSERT INTO t VALUES (1,'old'),(2,'old')",
];
const wanted: PlainRow[] = [
  { id: 1n, v: 'new' },
  { id: 3n, v: 'new' },
];
const ROWS = 'SELECT id, v FROM t ORDER BY id';
const OLD = [
  [1n, 'old'],
  [2n, 'old'],
];
const NEW = [
  [1n, 'new'],
  [3n, 'new'],
];
/** A run that could not give its lease back has died, or its lease ends by itself; here its process lives on. */
const LEASE_IS_OVER = 'UPDATE _overseed_lease SET expires=0';
const ways = ['inline', 'delta', 'swap'] as const;
const through = ({ url }: { url: string }, { token }: { token: string }): PushOptions => ({
  around: () => openRemote({ url, token }),
});

describe('a quota that is used up (BLOCKED)', () => {
  test('on reads: the push ends at the first question, and asks only once', async () => {
    await using target = await limitedServer();
    await target.run(...SCHEMA);
    await target.limit({ block_reads: true, block_writes: true, block_reason: 'rows read: quota exceeded' });
    await using between = await intercept(target.url, () => 'pass');
    const error = await failureOf(pushTo(target, { t: wanted }, through(between, target)));
    expect(error).toMatchObject({ code: 'TARGET_BLOCKED', state: 'old', exitCode: 1 });
    expect(error.what).toMatch(/127\.0\.0\.1:\d+ is blocked, and says: .*rows read: quota exceeded\./);
    expect(error.next).toMatch(/quota of the plan.*dashboard/);
    expect(between.count).toBe(1);
  });

  test('on writes: a dry run works, a push ends before anything is backed up or uploaded', async () => {
    await using target = await limitedServer();
    await target.run(...SCHEMA);
    await target.limit({ block_writes: true, block_reason: 'rows written: quota exceeded' });
    expect((await pushTo(target, { t: wanted }, { dryRun: true })).outcome.status).toBe('planned');
    const events: string[] = [];
    const error = await failureOf(
      pushTo(target, { t: wanted }, { onEvent: (event) => 'stage' in event && events.push(event.stage) }),
    );
    expect(error).toMatchObject({ code: 'TARGET_BLOCKED', state: 'old' });
    expect(error.what).toContain('rows written: quota exceeded');
    expect(events).not.toContain('backup');
    expect(await target.rows("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%overseed%'")).toEqual([
      [0n],
    ]);
  });

  test.each(ways)(
    'in the middle of a push, %s: the old rows stay, and running again finishes',
    async (strategy) => {
      await using target = await limitedServer();
      await target.run(...SCHEMA);
      const around = beforeApply(() => target.limit({ block_writes: true, block_reason: 'quota exceeded' }));
      const error = await failureOf(pushTo(target, { t: wanted }, { strategy, around }));
      expect(error).toMatchObject({ code: 'TARGET_BLOCKED', state: 'old' });
      expect(await target.rows(ROWS)).toEqual(OLD);
      await target.limit({});
      await target.run(LEASE_IS_OVER);
      expect((await pushTo(target, { t: wanted }, { strategy })).outcome.status).toBe('applied');
      expect(await target.rows(ROWS)).toEqual(NEW);
      expect(await target.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%stage%'")).toEqual([]);
    },
  );
});

describe('a database that may not grow any more', () => {
  const large = (length: number): PlainRow[] =>
    Array.from({ length: 20 }, (_, id) => ({ id: BigInt(id), v: 'x'.repeat(length) }));

  test.each(ways)(
    '%s: no room is what it says, it is tried once, and the old rows stay',
    async (strategy) => {
      await using target = await limitedServer();
      await target.run(...SCHEMA);
      await target.limit({ max_db_size: '400KB' });
      await using between = await intercept(target.url, () => 'pass');
      const error = await failureOf(
        pushTo(target, { t: large(50_000) }, { strategy, ...through(between, target) }),
      );
      expect(error).toMatchObject({ code: 'TARGET_FULL', state: 'old', exitCode: 1 });
      expect(error.message).toMatch(
        /127\.0\.0\.1:\d+ has no room for the new rows: database or disk is full\.\nThe target is as it was\. .*more room/,
      );
      expect(between.count).toBeLessThan(20);
      expect(await target.rows(ROWS)).toEqual(OLD);
      await target.limit({});
      expect((await pushTo(target, { t: large(50_000) }, { strategy })).outcome.status).toBe('applied');
      expect(await target.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%stage%'")).toEqual([]);
    },
  );
});

describe('too many requests (429)', () => {
  test('Retry-After is obeyed when reading, when writing and at the commit', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const refused = new Map<string, { body: string; at: number }>();
    const pauses: number[] = [];
    await using between = await intercept(target.url, ({ body }) => {
      const kind = body.includes('_overseed_runs') ? 'commit' : body.includes('batch') ? 'write' : 'read';
      const before = refused.get(kind);
      if (before?.body === body) pauses.push(performance.now() - before.at);
      if (before) return 'pass';
      refused.set(kind, { body, at: performance.now() });
      return { status: 429, headers: { 'retry-after': '1' }, body: '{"error":"slow down"}' };
    });
    const { outcome } = await pushTo(target, { t: wanted }, through(between, target));
    expect(outcome.status).toBe('applied');
    expect(await target.rows(ROWS)).toEqual(NEW);
    expect([...refused.keys()]).toEqual(['read', 'write', 'commit']);
    expect(pauses).toHaveLength(3);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
  });

  test('a wish for an hour of rest ends the push at once, and says so', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    await using between = await intercept(target.url, ({ body }) =>
      body.includes('BEGIN IMMEDIATE')
        ? { status: 429, headers: { 'retry-after': '3600' }, body: 'rate limit' }
        : 'pass',
    );
    const error = await failureOf(pushTo(target, { t: wanted }, through(between, target)));
    expect(error).toMatchObject({ code: 'TARGET_THROTTLED', state: 'old', exitCode: 1 });
    expect(error.what).toMatch(
      /answers that there are too many requests \(HTTP 429: rate limit\)\. It asks to be left alone for 3600 s\./,
    );
    expect(await target.rows(ROWS)).toEqual(OLD);
  });

  test('a real server without a free connection is waited for', async () => {
    await using target = await remoteTarget({ extraArgs: ['--max-concurrent-connections', '1'] });
    await target.run(...SCHEMA);
    let statuses = 0;
    await using holder = target.open();
    const held = holder.snapshot(new AbortController().signal);
    await held.query([{ sql: 'SELECT 1' }]);
    await using between = await intercept(target.url, async (): Promise<Fate> => {
      // The second request of the push comes after a 429: only now does the other reader go away.
      if (++statuses === 2) await held[Symbol.asyncDispose]();
      return 'pass';
    });
    const { outcome } = await pushTo(target, { t: wanted }, through(between, target));
    expect(outcome.status).toBe('applied');
    expect(await target.rows(ROWS)).toEqual(NEW);
  });
});

describe('a token', () => {
  test('that may only read: a dry run works; a push ends before any file is uploaded, and says what the token lacks', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const readOnly = { url: target.url, token: target.server.readOnlyToken };
    const around = () => openRemote(readOnly);
    expect((await pushTo(target, { t: wanted }, { dryRun: true, around })).outcome.status).toBe('planned');
    const stages: string[] = [];
    const error = await failureOf(
      pushTo(
        target,
        { t: wanted },
        { around, onEvent: (event) => 'stage' in event && stages.push(event.stage) },
      ),
    );
    expect(error).toMatchObject({ code: 'TARGET_AUTH', state: 'old', exitCode: 1 });
    expect(error.what).toMatch(/^The token may read 127\.0\.0\.1:\d+, but not write to it \(HTTP 403: /);
    expect(error.next).toContain('ASTRO_DB_APP_TOKEN');
    expect(stages).not.toContain('backup');
    expect(await target.rows(ROWS)).toEqual(OLD);
  });

  test('that has expired: the date is named', async () => {
    await using target = await remoteTarget();
    const token = target.server.signToken({ a: 'rw', exp: 1_700_000_000 });
    const around = () => openRemote({ url: target.url, token });
    const error = await failureOf(pushTo(target, { t: wanted }, { around }));
    expect(error).toMatchObject({ code: 'TARGET_AUTH', state: 'old' });
    expect(error.what).toContain('it expired on 2023-11-14 22:13 UTC.');
    expect(error.message).not.toContain(token);
  });

  test.each(ways)('that expires in the middle of a push, %s: the old rows stay', async (strategy) => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    let expired = false;
    const refusal = { status: 401, body: '{"error":"The JWT is expired"}' };
    await using between = await intercept(target.url, () => (expired ? refusal : 'pass'));
    const late = beforeApply(async () => {
      expired = true;
    });
    const around = () => late(openRemote({ url: between.url, token: target.token }));
    const error = await failureOf(pushTo(target, { t: wanted }, { strategy, around }));
    expect(error).toMatchObject({ code: 'TARGET_AUTH', state: 'old' });
    expect(await target.rows(ROWS)).toEqual(OLD);
    await target.run(LEASE_IS_OVER);
    expect((await pushTo(target, { t: wanted }, { strategy })).outcome.status).toBe('applied');
    expect(await target.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%stage%'")).toEqual([]);
  });
});

describe('other refusals', () => {
  const withStep =
    (sql: string) =>
    (target: Target): Target => ({
      ...target,
      write: (steps, signal) =>
        target.write(
          steps.some((step) => step.sql.includes('_overseed_runs')) ? [...steps, { sql }] : steps,
          signal,
        ),
    });

  test('a statement that the server forbids is named, and nothing is changed', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const error = await failureOf(pushTo(target, { t: wanted }, { around: withStep('VACUUM') }));
    expect(error).toMatchObject({ code: 'TARGET_REJECTED', state: 'old' });
    expect(error.what).toMatch(/refused a statement: unsupported statement: VACUUM\./);
    expect(await target.rows(ROWS)).toEqual(OLD);
  });

  test('a proxy that lets no large request through is named with the size', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    await using between = await intercept(target.url, ({ body }) =>
      body.length > 100_000 ? { status: 413, body: '<html>413 Request Entity Too Large</html>' } : 'pass',
    );
    const v = 'x'.repeat(200_000);
    const error = await failureOf(pushTo(target, { t: [{ id: 1n, v }] }, through(between, target)));
    expect(error).toMatchObject({ code: 'TARGET_REJECTED', state: 'old' });
    expect(error.what).toMatch(/does not accept a request of \d{6} bytes \(HTTP 413\)/);
    expect(await target.rows(ROWS)).toEqual(OLD);
  });

  test('the page of a gateway is not shown; who does not answer is', async () => {
    await using target = await remoteTarget();
    await target.run(...SCHEMA);
    const page = {
      status: 502,
      headers: { 'content-type': 'text/html' },
      body: '<html><h1>Bad gateway</h1></html>',
    };
    await using between = await intercept(target.url, () => page);
    const error = await failureOf(pushTo(target, { t: wanted }, through(between, target)));
    expect(error).toMatchObject({ code: 'TARGET_UNREACHABLE', state: 'old' });
    expect(error.what).toBe(
      `${new URL(between.url).host} does not answer: what stands before it says HTTP 502.`,
    );
    expect(between.count).toBeGreaterThan(1);
  });

  test('a web page where a database should be', async () => {
    await using target = await remoteTarget();
    const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' };
    await using between = await intercept(target.url, () => page);
    const error = await failureOf(pushTo(target, { t: wanted }, through(between, target)));
    expect(error).toMatchObject({ code: 'TARGET_UNREACHABLE' });
    expect(error.what).toContain('a web page answered');
  });
});
