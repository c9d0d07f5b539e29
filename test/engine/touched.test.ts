/** Where others write all the time, or a target cannot say whether they do, triggers tell what becomes of our tables. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import type { Target } from '../../packages/overseed/src/target/target.ts';
import {
  beforeEachApply,
  failureOf,
  fileTarget,
  isApply,
  type PlainRow,
  type PushResult,
  pushTo,
  type RemoteTarget,
  remoteTarget,
  type TestTarget,
} from '../support/engine.ts';

const SCHEMA = [
  'CREATE TABLE country (code TEXT PRIMARY KEY)',
  `CREATE TABLE "the town" (id INTEGER PRIMARY KEY, v TEXT, u TEXT UNIQUE,
    country TEXT REFERENCES country(code) ON DELETE CASCADE ON UPDATE CASCADE)`,
  'CREATE TABLE noise (n INTEGER)',
  "INSERT INTO country VALUES ('es'), ('pt')",
];
const state = (name: string): PlainRow[] =>
  Array.from({ length: 40 }, (_, i) => ({
    id: BigInt(i + 1),
    v: name,
    u: `u${i}`,
    country: i < 39 || name === 'new' ? 'es' : 'pt',
  }));
const push = (target: TestTarget, name: string, around?: (target: Target) => Target) =>
  pushTo(target, { 'the town': state(name) }, { strategy: 'delta', ...(around ? { around } : {}) });

const LEFTOVERS =
  "SELECT name FROM sqlite_schema WHERE type='trigger' AND name LIKE '\\_overseed\\_touch%' ESCAPE '\\'";
const plannedAgain = ({ events }: PushResult) =>
  events.filter((event) => event.kind === 'warning' && /Planning again/.test(event.message)).length;

async function prepare(target: TestTarget): Promise<void> {
  await target.run(...SCHEMA);
  await push(target, 'old');
}

/** Somebody writes elsewhere before the first batch, and so makes its mark worthless; then `meddle` comes before the second. */
function meddling(target: TestTarget, meddle: () => Promise<void>): (target: Target) => Target {
  return beforeEachApply(async (attempt) => {
    if (attempt === 1) await target.run('INSERT INTO noise VALUES (1)');
    if (attempt === 2) await meddle();
  });
}

/** A target that never says whether anybody has written. */
const withoutMarks = (target: Target): Target => ({ ...target, mark: async () => undefined });

describe.each([
  { kind: 'sqld', open: remoteTarget },
  { kind: 'a file', open: fileTarget },
])('on $kind', ({ open }) => {
  test.each([
    'UPDATE "the town" SET v=\'theirs\' WHERE id=7',
    'UPDATE OR ABORT "the town" SET v=\'theirs\' WHERE id IN (7, 8)',
    "INSERT OR FAIL INTO \"the town\" (id, v) VALUES (900, 'theirs'), (901, 'theirs')",
    "INSERT OR ROLLBACK INTO \"the town\" (id, v) VALUES (900, 'theirs'), (901, 'theirs')",
    "REPLACE INTO \"the town\" (id, v, u) VALUES (7, 'theirs', 'u6')",
    "INSERT INTO \"the town\" (id, v) VALUES (7, 'x') ON CONFLICT DO UPDATE SET v='theirs'",
    'DELETE FROM "the town" WHERE id=40',
    'DELETE FROM "the town"',
    // Not through the door: by a cascade.
    "PRAGMA foreign_keys=ON; DELETE FROM country WHERE code='pt'",
  ])('P6: right before the rows change somebody does %s: seen, and planned again', async (sql) => {
    await using target = await open();
    await prepare(target);
    const around = meddling(target, () => asTheSite(target, sql));
    const result = await push(target, 'new', around);
    expect(result.outcome.status).toBe('applied');
    expect(plannedAgain(result)).toBe(1);
    expect(await target.rows('SELECT v, count(*) FROM "the town" GROUP BY v')).toEqual([['new', 40n]]);
    expect(await target.rows(LEFTOVERS)).toEqual([]);
  });

  test('a target that cannot say whether others write: what they change after the look is seen', async () => {
    await using target = await open();
    await prepare(target);
    const meddle = beforeEachApply(async (attempt) => {
      if (attempt === 1) await target.run('UPDATE "the town" SET v=\'theirs\' WHERE id=7');
    });
    const result = await push(target, 'new', (opened) => meddle(withoutMarks(opened)));
    expect(result.outcome.status).toBe('applied');
    expect(plannedAgain(result)).toBe(1);
    expect(await target.rows(LEFTOVERS)).toEqual([]);
  });

  test('a change that changes nothing is looked at, and the plan still stands', async () => {
    await using target = await open();
    await prepare(target);
    const around = meddling(target, () => target.run('UPDATE "the town" SET v=v'));
    const result = await push(target, 'new', around);
    expect(result.outcome.status).toBe('applied');
    expect(plannedAgain(result)).toBe(0);
  });

  test('what a run that died has left is out of the way of others, and goes with the next run', async () => {
    await using target = await open();
    await prepare(target);
    expect(await failureOf(push(target, 'new', dyingWatcher()))).toMatchObject({ state: 'old' });
    expect(await target.rows(LEFTOVERS)).toHaveLength(3);
    await target.run(
      'UPDATE OR ABORT "the town" SET v=\'theirs\'',
      'UPDATE OR ABORT "the town" SET v=\'old\'',
    );
    await target.run('UPDATE _overseed_lease SET owner=NULL, expires=0');
    expect((await push(target, 'old')).outcome.status).toBe('unchanged');
    expect(await target.rows(LEFTOVERS)).toEqual([]);
    expect(
      await target.rows("SELECT name FROM sqlite_schema WHERE type='trigger' OR name LIKE '%stage%'"),
    ).toEqual([]);
  });

  test('P6: a table that somebody rebuilds under the triggers is not the one that was looked at', async () => {
    await using target = await open();
    await target.run(
      'CREATE TABLE "plain" (id INTEGER PRIMARY KEY, v TEXT)',
      'CREATE TABLE noise (n INTEGER)',
    );
    const rows = (v: string): PlainRow[] => Array.from({ length: 9 }, (_, i) => ({ id: BigInt(i), v }));
    await pushTo(target, { plain: rows('old') });
    const around = meddling(target, () =>
      target.run(
        'CREATE TABLE "other" (id INTEGER PRIMARY KEY, v TEXT)',
        "INSERT INTO other SELECT id, 'theirs' FROM plain",
        'DROP TABLE plain',
        'ALTER TABLE other RENAME TO "plain"',
      ),
    );
    const result = await pushTo(target, { plain: rows('new') }, { strategy: 'swap', around });
    expect(result.outcome.status).toBe('applied');
    expect(plannedAgain(result)).toBe(1);
  });

  test('a run that has lost its lease leaves the triggers of the next one alone; whoever writes can write', async () => {
    await using target = await open();
    await prepare(target);
    const freeLease = 'UPDATE _overseed_lease SET owner=NULL, expires=0';
    const paused = (opened: Target): Target => {
      let isWatching = false;
      return {
        ...withoutMarks(opened),
        async write(steps, signal, options) {
          if (isWatching && isApply(steps)) {
            // While it rests its lease is taken over by one that watches, too, and dies.
            await target.run(freeLease);
            await push(target, 'theirs', dyingWatcher()).catch(() => undefined);
          }
          isWatching ||= steps.some(({ sql }) => sql.includes('CREATE TRIGGER'));
          return opened.write(steps, signal, options);
        },
      };
    };
    expect(await failureOf(push(target, 'new', paused))).toMatchObject({ state: 'old' });
    await target.run('UPDATE "the town" SET v=\'site\'', 'UPDATE "the town" SET v=\'old\'', freeLease);
    expect((await push(target, 'old')).outcome.status).toBe('unchanged');
    expect(await target.rows(LEFTOVERS)).toEqual([]);
  });

  test('P1: a cascade that reaches rows which wait in a staging table is seen', async () => {
    await using target = await open();
    await target.run(
      'CREATE TABLE country (code TEXT PRIMARY KEY)',
      'CREATE TABLE home (id INTEGER PRIMARY KEY, country TEXT REFERENCES country(code) ON DELETE SET NULL)',
      "INSERT INTO country VALUES ('es'), ('pt')",
      "INSERT INTO home VALUES (1, 'es'), (2, 'es')",
    );
    let isDone = false;
    const around = beforeEachApply(async () => {
      if (!isDone) await asTheSite(target, "PRAGMA foreign_keys=ON; DELETE FROM country WHERE code='pt'");
      isDone = true;
    });
    const wanted = [1n, 2n].map((id) => ({ id, country: 'pt' }));
    const error = await failureOf(pushTo(target, { home: wanted }, { strategy: 'swap', around }));
    // Planned again, and by then the country is gone.
    expect(error).toMatchObject({ code: 'TARGET_REJECTED', state: 'old' });
    expect(await target.rows('SELECT DISTINCT country FROM home')).toEqual([['es']]);
  });
});

/** Watches, and is never heard of again. */
function dyingWatcher(): (target: Target) => Target {
  let isDead = false;
  return (opened) => ({
    ...withoutMarks(opened),
    async write(steps, signal, options) {
      if (isDead) throw new OverseedError('TARGET_UNREACHABLE', { what: 'Gone.', state: 'old', next: '' });
      const receipt = await opened.write(steps, signal, options);
      isDead = steps.some(({ sql }) => sql.includes('CREATE TRIGGER'));
      return receipt;
    },
  });
}

/** On a connection of its own, which may have foreign keys on. */
async function asTheSite(target: TestTarget, sql: string): Promise<void> {
  if ('dataFolder' in target) {
    using database = new LocalDatabase(path.join(String(target.dataFolder), 'target.db'));
    database.exec(sql);
    return;
  }
  const { url, token } = target as RemoteTarget;
  const statements = sql.split('; ').map((text) => ({ type: 'execute', stmt: { sql: text } }));
  const response = await fetch(`${url}/v3/pipeline`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ requests: [...statements, { type: 'close' }] }),
  });
  const { results } = (await response.json()) as { results: { type: string; error?: { message: string } }[] };
  for (const { type, error } of results) if (type === 'error') throw new Error(error?.message);
}
