/**
 * The apply batch as data: what is checked, what is changed, what is proved, in this order.
 *
 * Foreign keys are off while it runs, so no cascade can reach beyond what the plan shows; they are checked as a
 * whole before the commit. Triggers are taken away and put back: their effects are in the desired rows already.
 */
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { changedRowsOf, desiredRowsOf } from '../plan/changed-rows.ts';
import type { Comparison } from '../plan/compare-tables.ts';
import type { Statement } from '../target/target.ts';
import { placeholders, quoteName } from '../util/sql.ts';
import * as sql from './statements.ts';

/** What a step is for; it decides what its failure means. */
export type StepPurpose =
  | { readonly kind: 'unmoved' | 'change' | 'proof'; readonly table: string }
  | { readonly kind: 'lease' | 'foreign-keys' | 'bookkeeping' };

export interface Step {
  readonly purpose: StepPurpose;
  readonly statement: Statement;
}

/** Up to this many cells the whole scope is compared again inside the transaction; beyond, the changed rows are. */
const FULL_PROOF_CELLS = 400_000;

export function buildBatch(
  comparison: Comparison,
  tables: readonly Table[],
  { foreignViolations, bookkeeping }: { foreignViolations: number; bookkeeping: readonly Statement[] },
): Step[] {
  const steps: Step[] = [];
  const add = (purpose: StepPurpose, statement: Statement) => steps.push({ purpose, statement });
  const changed = tables
    .map((table, index) => ({ table, index }))
    .filter(({ index }) => hasChanges(comparison, index));
  const triggers = changed.flatMap(({ table }) =>
    table.triggers.map((trigger) => ({ ...trigger, table: table.name })),
  );

  for (const [index, table] of tables.entries()) {
    const purpose = { kind: 'unmoved', table: table.name } as const;
    add(purpose, sql.assertRowCount(table, comparison.tables[index]?.rowsBefore ?? 0));
    const old = () => changedRowsOf(comparison, table, index, 'old', ['delete', 'update', 'replace']);
    if (table.key.length > 0)
      for (const rows of sql.rowGroups(old())) add(purpose, sql.assertRowsPresent(table, rows));
  }
  for (const { name, table } of triggers)
    add({ kind: 'change', table }, { sql: `DROP TRIGGER ${quoteName(name)}` });
  for (const { table, index } of changed) {
    for (const statement of changeStatements(comparison, table, index))
      add({ kind: 'change', table: table.name }, statement);
  }
  for (const { sql: create, table } of triggers) add({ kind: 'change', table }, { sql: create });

  const full = cellCount(comparison, tables) <= FULL_PROOF_CELLS;
  for (const [index, table] of tables.entries()) {
    const purpose = { kind: 'proof', table: table.name } as const;
    add(purpose, sql.assertRowCount(table, comparison.tables[index]?.rowsAfter ?? 0));
    if (table.key.length === 0) continue;
    const wanted: Iterable<SqlValue[]> = full
      ? desiredRowsOf(comparison, table)
      : changedRowsOf(comparison, table, index, 'new', ['insert', 'update', 'replace']);
    for (const rows of sql.rowGroups(wanted)) add(purpose, sql.assertRowsPresent(table, rows));
  }
  for (const statement of foreignKeyProofs(tables, foreignViolations))
    add({ kind: 'foreign-keys' }, statement);
  for (const statement of bookkeeping) add({ kind: 'bookkeeping' }, statement);
  return steps;
}

function hasChanges(comparison: Comparison, index: number): boolean {
  const plan = comparison.tables[index];
  return plan !== undefined && plan.inserts + plan.updates + plan.deletes > 0;
}

function* changeStatements(comparison: Comparison, table: Table, index: number): Generator<Statement> {
  if (table.key.length === 0) {
    yield { sql: `DELETE FROM ${quoteName(table.name)}` };
  } else {
    // All deletes come before any insert: a unique value may move from one row to another.
    const gone = changedRowsOf(comparison, table, index, 'old', ['delete', 'replace']);
    for (const rows of sql.rowGroups(gone)) yield sql.deleteRows(table, rows);
    const columns = (comparison.tables[index]?.changedColumns ?? []).map(({ column }) => column);
    const updated = changedRowsOf(comparison, table, index, 'new', ['update']);
    for (const rows of sql.rowGroups(updated)) yield sql.updateRows(table, rows, columns);
  }
  const added = changedRowsOf(comparison, table, index, 'new', ['insert', 'replace']);
  for (const rows of sql.rowGroups(added)) yield sql.insertRows(table, rows);
}

export function foreignKeyProofs(tables: readonly Table[], foreignViolations: number): Statement[] {
  const names = tables.map(({ name }) => name);
  const inScope = placeholders(names.length);
  return [
    sql.assertEquals(`SELECT count(*) FROM pragma_foreign_key_check WHERE "table" IN ${inScope}`, 0, names),
    // Rows outside the scope must not become orphans through what we delete.
    sql.assertEquals(
      `SELECT max(0, count(*)-?) FROM pragma_foreign_key_check WHERE "table" NOT IN ${inScope}`,
      0,
      [BigInt(foreignViolations), ...names],
    ),
  ];
}

function cellCount(comparison: Comparison, tables: readonly Table[]): number {
  return tables.reduce(
    (sum, table, index) => sum + (comparison.tables[index]?.rowsAfter ?? 0) * storedColumns(table).length,
    0,
  );
}
