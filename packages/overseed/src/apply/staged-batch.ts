/** The apply batch for large changes: the rows are on the target already, and the batch moves them into place. */

import { type ApplyStrategy, bringsIndexes, isSwap, type TablePlan } from '../model/plan.ts';
import type { Schema, Table } from '../model/schema.ts';
import { indexesUnderName, tableUnderName } from '../sqlite/renamed.ts';
import { standInFor } from '../target/stand-in.ts';
import type { Statement } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';
import {
  type BatchInput,
  dependantGuards,
  indexesThat,
  outsideProofs,
  type Step,
  searchIndexRebuilds,
} from './batch.ts';
import { moveStatistics } from './index-names.ts';
import { assertSchemaUnmoved, type Definitions, SCHEMA, type SchemaObjects } from './schema-objects.ts';
import { putInStaged, takeOutStaged } from './search-entries.ts';
import { type Aside, assertAsideWhole, exchangeAside } from './search-index-aside.ts';
import { assertStagedPresent, deltaStatements, swapStatements } from './staged-statements.ts';
import { assertSuccessorWhole, releaseSuccessor, stagingName } from './staging-table.ts';
import { assertRowCount } from './statements.ts';

export interface StagedBatchInput extends BatchInput {
  /** Live tables whose indexes have other names by now. */
  readonly live: readonly Definitions[];
  readonly tables: readonly Table[];
  readonly plans: readonly TablePlan[];
  readonly strategy: ApplyStrategy;
  readonly objects: SchemaObjects;
  readonly runId: string;
}

export function buildStagedBatch(input: StagedBatchInput): Step[] {
  const { tables, plans, strategy, objects } = input;
  const steps: Step[] = [];
  for (const [index, table] of tables.entries()) {
    const statement = assertRowCount(table, plans[index]?.rowsBefore ?? 0);
    steps.push({ purpose: { kind: 'unmoved', table: table.name }, statement });
  }
  for (const [index, table] of tables.entries()) {
    if (!isSwap(strategy.tables[index])) continue;
    const name = stagingName(input.runId, index);
    const purpose = { kind: 'unmoved', table: table.name } as const;
    const statements = [...assertSuccessorWhole(table, name), ...releaseSuccessor(table, name)];
    steps.push(...statements.map((statement) => ({ purpose, statement })));
  }
  for (const { aside, rowCount } of asidesOf(input)) {
    const purpose = { kind: 'unmoved', table: SCHEMA } as const;
    steps.push(...assertAsideWhole(aside, rowCount).map((statement) => ({ purpose, statement })));
  }
  steps.push(...dependantGuards(input.dependants));
  const changed = tables.filter((_, index) => strategy.tables[index] !== 'none');
  for (const statement of assertSchemaUnmoved(objects, tablesNow(input)))
    steps.push({ purpose: { kind: 'unmoved', table: SCHEMA }, statement });
  const change = (statement: Statement, table = SCHEMA) =>
    steps.push({ purpose: { kind: 'change', table }, statement });
  for (const statement of objects.drop) change(statement);
  for (const [index, table] of tables.entries()) {
    for (const statement of moveStatements(input, table, index)) change(statement, table.name);
  }
  for (const { aside } of asidesOf(input))
    for (const statement of exchangeAside(aside)) change(statement, aside.table.name);
  for (const statement of objects.create) change(statement);
  // Their text may come from a view, so the views are back by now.
  steps.push(...searchIndexRebuilds(input.renewals));
  for (const [index, table] of tables.entries()) {
    for (const statement of proofs(input, table, index)) {
      steps.push({ purpose: { kind: 'proof', table: table.name }, statement });
    }
  }
  if (!input.mayDangle) steps.push(...outsideProofs(input.schema, tables, changed));
  const leftovers = tables.flatMap((_, index) =>
    strategy.tables[index] === 'delta' ? [stagingName(input.runId, index)] : [],
  );
  for (const name of leftovers)
    steps.push({ purpose: { kind: 'bookkeeping' }, statement: { sql: `DROP TABLE ${quoteName(name)}` } });
  for (const statement of input.bookkeeping) steps.push({ purpose: { kind: 'bookkeeping' }, statement });
  return steps;
}

/** Those that change, as the target defines them by now, and the successors that are to have indexes. */
function tablesNow({ tables, strategy, runId, live }: StagedBatchInput): Definitions[] {
  return tables.flatMap((table, index) => {
    if (strategy.tables[index] === 'none') return [];
    if (!bringsIndexes(strategy.tables[index])) return [table];
    const name = stagingName(runId, index);
    const successor = {
      name,
      sql: tableUnderName(table, name),
      indexes: indexesUnderName(table, name),
    };
    return [live.find((each) => each.name === table.name) ?? table, successor];
  });
}

function moveStatements(
  { plans, strategy, runId, schema, renewals }: StagedBatchInput,
  table: Table,
  index: number,
): Statement[] {
  const staging = stagingName(runId, index);
  const how = strategy.tables[index];
  const statistics = statisticsOf(schema);
  if (bringsIndexes(how)) {
    const moved = table.indexes.flatMap(({ name }) =>
      moveStatistics(statistics, table.name, standInFor(name), name),
    );
    return swapStatements(table, staging, statistics, moved);
  }
  if (how === 'swap')
    return swapStatements(
      table,
      staging,
      statistics,
      table.indexes.map(({ sql }) => ({ sql })),
    );
  if (how !== 'delta') return [];
  const changed = (plans[index]?.changedColumns ?? []).map(({ column }) => column);
  const followers = indexesThat('follow', renewals, table);
  return [
    ...followers.map((follower) => takeOutStaged(follower, table, staging)),
    ...deltaStatements(table, staging, changed),
    ...followers.map((follower) => putInStaged(follower, table, staging)),
  ];
}

/** Search indexes that are built aside, and how many rows they have. */
export function asidesOf({
  tables,
  plans,
  renewals,
  runId,
}: Pick<StagedBatchInput, 'tables' | 'plans' | 'renewals' | 'runId'>): { aside: Aside; rowCount: number }[] {
  return tables.flatMap((table, position) =>
    indexesThat('aside', renewals, table).map((index) => ({
      aside: { index, table, staging: stagingName(runId, position) },
      rowCount: plans[position]?.rowsAfter ?? 0,
    })),
  );
}

/** The tables of ANALYZE, where it was ever run (sqlite.org/fileformat2.html, section 2.6.3 and on). */
export function statisticsOf({ otherThings }: Schema): string[] {
  return [...otherThings.keys()].filter((name) => /^sqlite_stat\d$/.test(name));
}

function proofs({ plans, strategy, runId }: StagedBatchInput, table: Table, index: number): Statement[] {
  const plan = plans[index];
  const count = assertRowCount(table, plan?.rowsAfter ?? 0);
  if (strategy.tables[index] !== 'delta' || !plan) return [count];
  return [count, assertStagedPresent(table, stagingName(runId, index), plan.inserts + plan.updates)];
}
