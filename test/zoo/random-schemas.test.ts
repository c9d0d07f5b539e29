/** Random schemas, random states: after a push the target is what the source says, and the next push finds nothing. */
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFolderStore } from '../../packages/overseed/src/assets/folder/open.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import { type Parts, push } from '../../packages/overseed/src/push.ts';
import { plainSource } from '../support/engine.ts';
import type { Rows } from './fixture.ts';
import { contentOf, definitionsOf } from './observe.ts';
import { type RandomSchema, randomSchema, rawRows, validState } from './random-schema.ts';
import { fileTarget, openDatabase, sqldTarget, type ZooTarget } from './zoo-target.ts';

const seed = Number(process.env.OVERSEED_TEST_SEED ?? Date.now() % 2 ** 31);

const strategies: fc.Arbitrary<Parts['strategy']> = fc.constantFrom(
  ...([undefined, 'delta', 'swap', 'swap-indexed', 'swap-gradual'] as const),
);

describe.each([
  { kind: 'sqld', open: sqldTarget, numRuns: 15 },
  { kind: 'file', open: fileTarget, numRuns: 60 },
])('on $kind', ({ open, numRuns }) => {
  let target: ZooTarget;
  beforeAll(async () => {
    target = await open();
  });
  afterAll(() => target[Symbol.asyncDispose]());

  test(`${numRuns} random schemas (seed ${seed})`, async () => {
    const journey = fc.asyncProperty(
      randomSchema,
      rawRows,
      rawRows,
      strategies,
      async (schema, a, b, strategy) => {
        await target.reset();
        await target.run(schema.ddl.map((sql) => ({ sql })));
        const definitions = await definitionsOf(target.rows);
        for (const state of [validState(schema, a), validState(schema, b)]) {
          await pushRows(target, state, strategy);
          expect(await contentsOf(target.rows, schema)).toEqual(await reference(schema, state));
          expect(await definitionsOf(target.rows)).toEqual(definitions);
          const writes = await target.writeCount();
          expect(await pushRows(target, state, strategy)).toMatchObject({ status: 'unchanged' });
          expect(await target.writeCount()).toBe(writes);
        }
      },
    );
    await fc.assert(journey, { seed, numRuns });
  });
});

async function pushRows(target: ZooTarget, state: Rows, strategy: Parts['strategy']) {
  await using opened = target.open();
  return await push(
    {
      source: plainSource(state),
      target: opened,
      assetStore: openFolderStore({
        folder: path.join(target.folder, 'media'),
        label: '',
        baseUrl: '',
        prefix: '',
      }),
      assetColumns: {},
      backups: undefined,
      howToMigrate: 'Push the schema',
      ...(strategy && { strategy }),
    },
    'overwrite',
    startRun({ signal: new AbortController().signal, emit: () => undefined }),
  );
}

async function contentsOf(ask: (sql: string) => Promise<SqlValue[][]>, { tables }: RandomSchema) {
  const content: Record<string, string[]> = {};
  for (const { name } of tables) content[name] = await contentOf(ask, name);
  return content;
}

async function reference(schema: RandomSchema, state: Rows) {
  const database = openDatabase(':memory:');
  for (const sql of schema.ddl) database.exec(sql);
  for (const { name, columns } of schema.tables) {
    const insert = database.prepare(
      `INSERT INTO "${name.replaceAll('"', '""')}" VALUES (${columns.map(() => '?').join(', ')})`,
    );
    for (const row of state[name] ?? []) insert.run(columns.map((column) => row[column] ?? null));
  }
  const content = await contentsOf(
    async (sql) => database.prepare(sql).raw(true).all() as SqlValue[][],
    schema,
  );
  database.close();
  return content;
}
