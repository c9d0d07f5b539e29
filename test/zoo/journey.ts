/**
 * For every schema of the zoo the journey of a user. Push state A onto something else, push it
 * again, push state B, undo. After each step the target is compared with a database made by plain INSERTs.
 */
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import { openBackup } from '../../packages/overseed/src/backups/backups.ts';
import { OverseedError } from '../../packages/overseed/src/model/error.ts';
import type { Outcome } from '../../packages/overseed/src/model/outcome.ts';
import { bringsIndexes } from '../../packages/overseed/src/model/plan.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import { type Parts, push } from '../../packages/overseed/src/push.ts';
import type { Target } from '../../packages/overseed/src/target/target.ts';
import { foldName } from '../../packages/overseed/src/util/fold-name.ts';
import { openBackupParts } from '../../packages/overseed/src/wire.ts';
import { plainSource } from '../support/engine.ts';
import type { Fixture, Rows } from './fixture.ts';
import { fixtures } from './fixtures/index.ts';
import { type Ask, contentOf, definitionsOf, outsideOf } from './observe.ts';
import { fileTarget, openDatabase, sqldTarget, type ZooTarget } from './zoo-target.ts';

type Strategy = NonNullable<Parts['strategy']>;

export const newRun = () => startRun({ signal: new AbortController().signal, emit: () => undefined });

/**
 * All fixtures that `kind` can be set up with, and to which `strategy` makes a difference; it is as in {@link Parts}, chosen by
 * the engine when undefined.
 */
export function describeZoo(kind: ZooTarget['kind'], strategy?: Strategy): void {
  const open = kind === 'sqld' ? sqldTarget : fileTarget;
  const hasIndexes = ({ schema }: Fixture) =>
    schema.some((sql) => /^\s*CREATE\s+(?:(UNIQUE\s+)?INDEX|VIRTUAL)/i.test(sql));
  const possible = fixtures
    .filter(({ only = kind }) => only === kind)
    .filter((fixture) => !bringsIndexes(strategy) || hasIndexes(fixture));
  let target: ZooTarget;
  beforeAll(async () => {
    target = await open();
  });
  afterAll(() => target[Symbol.asyncDispose]());
  beforeEach(() => target.reset());

  test.for(possible)('$name', async (fixture) => {
    await setUp(target, fixture);
    const scope = Object.keys(fixture.tables);
    const definitions = await definitionsOf(target.rows);
    const outside = await outsideOf(target.rows, scope);
    const { expect: refusal } = fixture;

    if (refusal && (refusal.on ?? target.kind) === target.kind) {
      const writes = await target.writeCount();
      const error = await pushRows(target, fixture, fixture.tables, strategy).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(OverseedError);
      expect(error).toMatchObject({ code: refusal.code, state: 'old' });
      expect((error as OverseedError).what).toContain(refusal.message);
      // Only what the target itself must decide is found out in its transaction, after the lease was taken.
      if (refusal.code !== 'TARGET_REJECTED') expect(await target.writeCount()).toBe(writes);
      expect(await outsideOf(target.rows, scope)).toEqual(outside);
      return;
    }

    const check = async (state: Rows, probe: 'a' | 'b', step: string) => {
      expect(await scopeOf(target.rows, state), step).toEqual(await reference(fixture, state));
      expect(await definitionsOf(target.rows), step).toEqual(definitions);
      const now = await outsideOf(target.rows, scope);
      for (const name of fixture.mayChange ?? []) now[name] = outside[name] ?? [];
      expect(now, step).toEqual(outside);
      for (const { sql, [probe]: answer } of fixture.probes ?? [])
        expect(await target.rows(sql), `${step}: ${sql}`).toEqual(answer);
      await target.run((fixture.checks ?? []).map((sql) => ({ sql })));
      expect(await target.rows('PRAGMA quick_check'), step).toEqual([['ok']]);
    };

    await pushRows(target, fixture, fixture.tables, strategy);
    await check(fixture.tables, 'a', 'after the first push');

    const writes = await target.writeCount();
    expect(await pushRows(target, fixture, fixture.tables, strategy)).toMatchObject({ status: 'unchanged' });
    expect(await target.writeCount(), 'rows written by an unchanged push').toBe(writes);

    const followed = await outsideOf(target.rows, scope);
    const outcome = await pushRows(target, fixture, fixture.next, strategy);
    await check(fixture.next, 'b', 'after the second push');

    if (outcome.status !== 'applied' || outcome.backup === undefined) return;
    await undo(target, outcome.backup);
    await check(fixture.tables, 'a', 'after the undo');
    expect(await outsideOf(target.rows, scope), 'after the undo').toEqual(followed);
    for (const { sql, answer } of fixture.lastProbes ?? [])
      expect(await target.rows(sql), sql).toEqual(answer);
  });
}

export async function setUp(
  target: ZooTarget,
  { schema, before, next, foreign = {}, setup = [] }: Fixture,
): Promise<void> {
  await target.run([
    ...schema.map((sql) => ({ sql })),
    ...inserts(before ?? next),
    ...inserts(foreign),
    ...setup.map((sql) => ({ sql })),
  ]);
}

async function pushRows(
  target: ZooTarget,
  fixture: Fixture,
  state: Rows,
  strategy: Strategy | undefined,
): Promise<Outcome> {
  await using opened = target.open();
  return await push(partsFor(target, opened, fixture, state, strategy), 'overwrite', newRun());
}

export function partsFor(
  { folder }: ZooTarget,
  target: Target,
  { allowCascade = [] }: Fixture,
  state: Rows,
  strategy?: Strategy,
): Parts {
  return {
    source: plainSource(state),
    target,
    assetStore: openFolderStore({ folder: path.join(folder, 'media'), label: '', baseUrl: '', prefix: '' }),
    assetColumns: {},
    backups: path.join(folder, 'backups'),
    allowCascade,
    howToMigrate: 'Push the schema',
    ...(strategy && { strategy }),
  };
}

/** As `overseed restore` does it. */
async function undo(target: ZooTarget, backup: string): Promise<void> {
  await using opened = target.open();
  const manifest = await openBackup(backup);
  using source = openBackupParts(backup, manifest, path.basename(backup));
  const run = newRun();
  await push(await source.parts(opened, path.join(target.folder, 'backups'), run), 'overwrite', run);
}

async function scopeOf(ask: Ask, state: Rows): Promise<Record<string, string[]>> {
  const content: Record<string, string[]> = {};
  for (const table of Object.keys(state)) content[foldName(table)] = await contentOf(ask, table);
  return content;
}

/** The same tables without triggers, filled by plain INSERTs. */
async function reference({ schema }: Fixture, state: Rows): Promise<Record<string, string[]>> {
  const database = openDatabase(':memory:');
  const withoutTriggers = schema.filter((sql) => !/^\s*create\s+trigger/i.test(sql));
  for (const sql of withoutTriggers) database.exec(sql);
  for (const table of Object.keys(state)) database.exec(`DELETE FROM "${table.replaceAll('"', '""')}"`);
  for (const { sql, args } of inserts(state)) database.prepare(sql).run(args);
  const content = await scopeOf(async (sql) => database.prepare(sql).raw(true).all() as SqlValue[][], state);
  database.close();
  return content;
}

/** One INSERT a row. */
function inserts(state: Rows): { sql: string; args: SqlValue[] }[] {
  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
  return Object.entries(state).flatMap(([table, rows]) =>
    rows.map((row) => {
      const cells = Object.values(row).map(toSql);
      return {
        sql: `INSERT INTO ${quote(table)} (${Object.keys(row).map(quote).join(', ')}) VALUES (${cells.map(({ sql }) => sql).join(', ')})`,
        args: cells.flatMap(({ args }) => args),
      };
    }),
  );
}

/** JSON has no number for these three. */
function toSql(value: SqlValue): { sql: string; args: SqlValue[] } {
  if (Object.is(value, -0)) return { sql: '(0.0 * -1)', args: [] };
  if (value === Infinity || value === -Infinity) return { sql: value > 0 ? '9e999' : '-9e999', args: [] };
  return { sql: '?', args: [value] };
}
