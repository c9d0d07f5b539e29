/** Two states have one fingerprint exactly when the comparison finds them equal: random schemas, random states. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Table } from '../../packages/overseed/src/model/schema.ts';
import { findTable } from '../../packages/overseed/src/model/schema.ts';
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import { compareTables } from '../../packages/overseed/src/plan/compare-tables.ts';
import { fingerprint } from '../../packages/overseed/src/plan/fingerprint.ts';
import { LocalDatabase } from '../../packages/overseed/src/sqlite/local-database.ts';
import { openFileTarget } from '../../packages/overseed/src/target/file/open.ts';
import { readSchema } from '../../packages/overseed/src/target/read-schema.ts';
import type { Rows } from '../zoo/fixture.ts';
import { type RandomSchema, randomSchema, rawRows, validState } from '../zoo/random-schema.ts';

const seed = Number(process.env.OVERSEED_TEST_SEED ?? Date.now() % 2 ** 31);
const NUM_RUNS = 150;
const never = new AbortController().signal;

/** What may happen to one cell, chosen by number: most of it is easy to overlook. */
const alterations: readonly ((value: SqlValue) => SqlValue)[] = [
  (value) => (typeof value === 'bigint' ? String(value) : 1n),
  (value) => (typeof value === 'bigint' ? Number(value) : 0.5),
  (value) => (typeof value === 'number' ? nextReal(value) : 5e-324),
  (value) => (typeof value === 'string' ? new TextEncoder().encode(value) : 'a'),
  (value) => (typeof value === 'string' ? `${value}\u0000` : new Uint8Array([97])),
  (value) => (typeof value === 'string' ? value.toUpperCase() : 'b '),
  (value) => (value === null ? '' : null),
];

const BITS = new DataView(new ArrayBuffer(8));

function nextReal(value: number): number {
  BITS.setFloat64(0, value);
  BITS.setBigUint64(0, BITS.getBigUint64(0) ^ 1n);
  const next = BITS.getFloat64(0);
  return Number.isNaN(next) ? 0 : next;
}

test(`${NUM_RUNS} random schemas (seed ${seed}): fingerprints are equal exactly when no row differs`, async () => {
  let equal = 0;
  let different = 0;
  const property = fc.asyncProperty(
    randomSchema,
    rawRows,
    fc.array(fc.record({ table: fc.nat(), row: fc.nat(), column: fc.nat(), how: fc.nat() }), {
      maxLength: 2,
    }),
    fc.integer(),
    async (schema, raw, changes, order) => {
      const state = validState(schema, raw);
      const other = validState(schema, rawOf(schema, altered(schema, state, changes)));
      const folder = await mkdtemp(path.join(os.tmpdir(), 'overseed-test-'));
      try {
        const files = ['a.db', 'b.db'].map((name) => path.join(folder, name));
        const [a = '', b = ''] = files;
        build(a, schema, state, 1);
        build(b, schema, other, order);
        const tables = await tablesOf(a, schema);
        const same = areEqual(a, b, tables, folder);
        const [first, second] = [await digestOf(a, tables), await digestOf(b, tables)];
        if (same) expect(second).toEqual(first);
        else expect(second.digest).not.toBe(first.digest);
        if (same) equal++;
        else different++;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
  await fc.assert(property, { seed, numRuns: NUM_RUNS });
  // Else the property was hardly put to the test.
  expect(Math.min(equal, different)).toBeGreaterThan(NUM_RUNS / 10);
});

function altered(
  { tables }: RandomSchema,
  state: Rows,
  changes: readonly { table: number; row: number; column: number; how: number }[],
): Rows {
  const copy: Record<string, Record<string, SqlValue>[]> = Object.fromEntries(
    tables.map(({ name }) => [name, (state[name] ?? []).map((row) => ({ ...row }))]),
  );
  const filled = tables.filter(({ name }) => (copy[name] ?? []).length > 0);
  for (const change of changes) {
    const table = filled[change.table % filled.length];
    const rows = copy[table?.name ?? ''] ?? [];
    const row = rows[change.row % rows.length];
    const column = table?.columns[change.column % table.columns.length];
    const alter = alterations[change.how % alterations.length];
    if (row && column && alter) row[column] = alter(row[column] ?? null);
  }
  return copy;
}

function rawOf({ tables }: RandomSchema, state: Rows): SqlValue[][][] {
  return tables.map(({ name, columns }) =>
    (state[name] ?? []).map((row) => columns.map((column) => row[column] ?? null)),
  );
}

/** @param order seeds the order in which the rows are inserted, so that the rowids of equal states differ */
function build(file: string, { ddl, tables }: RandomSchema, state: Rows, order: number): void {
  using database = LocalDatabase.scratch(file);
  for (const sql of ddl) database.exec(sql);
  for (const { name, columns } of tables) {
    const insert = database.prepare(
      `INSERT INTO "${name.replaceAll('"', '""')}" VALUES (${columns.map(() => '?').join(', ')})`,
    );
    const rows = [...(state[name] ?? [])];
    const shuffled = fc.sample(fc.shuffledSubarray(rows, { minLength: rows.length }), {
      numRuns: 1,
      seed: order,
    });
    for (const row of shuffled[0] ?? []) insert(columns.map((column) => row[column] ?? null));
  }
}

async function tablesOf(file: string, { tables }: RandomSchema): Promise<Table[]> {
  await using target = openFileTarget({ file, label: 'test' });
  const schema = await readSchema(target, never);
  return tables.map(({ name }) => findTable(schema, name)).filter((table) => table !== undefined);
}

function areEqual(a: string, b: string, tables: readonly Table[], folder: string): boolean {
  using database = LocalDatabase.scratch(a);
  using comparison = compareTables(database, tables, b, path.join(folder, 'changes.db'));
  return comparison.tables.every(({ inserts, updates, deletes }) => inserts + updates + deletes === 0);
}

async function digestOf(file: string, tables: readonly Table[]) {
  const input = {
    actualFile: file,
    desiredFile: file,
    tables,
    followers: [],
    keptColumns: [],
    assets: [],
    rowCount: 0,
  };
  const { basedOn, resultsIn } = await fingerprint(input, never);
  // Both sides are read in the same way.
  expect(resultsIn.tables.map(({ rows }) => rows)).toEqual(basedOn.tables.map(({ rows }) => rows));
  return basedOn;
}
