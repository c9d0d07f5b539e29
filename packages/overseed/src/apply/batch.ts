/**
 * The apply batch as data: what is checked, what is changed, what is proved, in this order.
 *
 * Foreign keys are off while it runs, so no cascade can reach beyond what the plan shows. Those inside the scope were
 * checked before; those across its border are checked here, by the values that vanish and the rows that arrive.
 * Triggers are taken away and put back: their effects are in the desired rows already.
 */
import { type Schema, storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { changedRowsOf, desiredRowsOf } from '../plan/changed-rows.ts';
import { bagChangesOf, desiredBagOf } from '../plan/compare-bags.ts';
import type { ChangeKind, Comparison } from '../plan/comparison.ts';
import type { DependantQuestion } from '../plan/dependants.ts';
import type { SearchIndex } from '../plan/search-indexes.ts';
import { rowGroups } from '../sqlite/row-groups.ts';
import { assertEquals } from '../target/assert-equals.ts';
import type { Statement } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';
import { outsideReferences } from './outside-references.ts';
import { assertDefined, SCHEMA } from './schema-objects.ts';
import { putInEntries, rebuildSearchIndex, takeOutEntries } from './search-entries.ts';
import type { Renewal, RenewedIndex } from './search-index-strategy.ts';
import * as sql from './statements.ts';

/** What a step is for; it decides what its failure means. */
export type StepPurpose =
  | { readonly kind: 'unmoved' | 'change' | 'proof'; readonly table: string }
  | { readonly kind: 'foreign-keys'; readonly table: string; readonly parent: string }
  | { readonly kind: 'lease' | 'bookkeeping' };

export interface Step {
  readonly purpose: StepPurpose;
  readonly statement: Statement;
}

/** Up to this many cells, and bytes, the whole scope is compared again inside the transaction; beyond, the changed rows
 *  are. */
const FULL_PROOF_CELLS = 400_000;
const FULL_PROOF_BYTES = 16_000_000;

export interface BatchInput {
  readonly schema: Schema;
  /** Rows may point to nothing outside the scope: those of a backup go back as they were. */
  readonly mayDangle: boolean;
  /** Asked again inside the transaction: nobody outside the scope may depend on what goes away. */
  readonly dependants: readonly DependantQuestion[];
  readonly renewals: readonly RenewedIndex[];
  readonly bookkeeping: readonly Statement[];
}

export function buildBatch(
  comparison: Comparison,
  { schema, mayDangle, dependants, renewals, bookkeeping }: BatchInput,
): Step[] {
  const tables = comparison.scope;
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
      for (const rows of rowGroups(old())) add(purpose, sql.assertRowsPresent(table, rows));
    else
      for (const rows of rowGroups(bagChangesOf(comparison, table, index, 'old')))
        add(purpose, sql.assertCopies(table, rows));
  }
  steps.push(...dependantGuards(dependants));
  if (triggers.length > 0)
    add({ kind: 'unmoved', table: SCHEMA }, assertDefined(triggers.map((trigger) => trigger.sql)));
  for (const { name, table } of triggers)
    add({ kind: 'change', table }, { sql: `DROP TRIGGER ${quoteName(name)}` });
  for (const { table, index } of changed) {
    const purpose = { kind: 'change', table: table.name } as const;
    const followers = indexesThat('follow', renewals, table);
    const changedRows = (side: 'old' | 'new', kinds: readonly ChangeKind[]) =>
      rowGroups(changedRowsOf(comparison, table, index, side, kinds));
    for (const follower of followers)
      for (const rows of changedRows('old', ['delete', 'update', 'replace']))
        add(purpose, takeOutEntries(follower, table, rows));
    for (const statement of changeStatements(comparison, table, index)) add(purpose, statement);
    for (const follower of followers)
      for (const rows of changedRows('new', ['insert', 'update', 'replace']))
        add(purpose, putInEntries(follower, table, rows));
  }
  const changedTables = changed.map(({ table }) => table);
  steps.push(...searchIndexRebuilds(renewals));
  for (const { sql: create, table } of triggers) add({ kind: 'change', table }, { sql: create });

  const full = provesWholeScope(comparison);
  for (const [index, table] of tables.entries()) {
    const purpose = { kind: 'proof', table: table.name } as const;
    add(purpose, sql.assertRowCount(table, comparison.tables[index]?.rowsAfter ?? 0));
    if (table.key.length === 0) {
      const bag = full ? desiredBagOf(comparison, table) : bagChangesOf(comparison, table, index, 'new');
      for (const rows of rowGroups(bag)) add(purpose, sql.assertCopies(table, rows));
      continue;
    }
    const wanted: Iterable<SqlValue[]> = full
      ? desiredRowsOf(comparison, table)
      : changedRowsOf(comparison, table, index, 'new', ['insert', 'update', 'replace']);
    for (const rows of rowGroups(wanted)) add(purpose, sql.assertRowsPresent(table, rows));
  }
  if (!mayDangle) steps.push(...outsideProofs(schema, tables, changedTables));
  for (const statement of bookkeeping) add({ kind: 'bookkeeping' }, statement);
  return steps;
}

/** Nobody outside the scope may have come to depend on what goes away. */
export function dependantGuards(dependants: readonly DependantQuestion[]): Step[] {
  return dependants.map(({ table, count }) => ({
    purpose: { kind: 'unmoved', table },
    statement: assertEquals(count.sql, 0, count.args),
  }));
}

export function searchIndexRebuilds(renewals: readonly RenewedIndex[]): Step[] {
  return renewals.flatMap(({ how, rebuild: { index } }): Step[] => {
    const [table = ''] = index.tables;
    const statement = rebuildSearchIndex(index.name);
    return how === 'rebuild' ? [{ purpose: { kind: 'change', table }, statement }] : [];
  });
}

/** Search indexes of a table that come into step so. */
export function indexesThat(how: Renewal, renewals: readonly RenewedIndex[], table: Table): SearchIndex[] {
  return renewals
    .filter((renewal) => renewal.how === how && renewal.rebuild.index.tables.includes(table.name))
    .map(({ rebuild }) => rebuild.index);
}

/** Rows of the scope may not point to nothing outside it. */
export function outsideProofs(schema: Schema, scope: readonly Table[], changed: readonly Table[]): Step[] {
  return changed.flatMap((table) =>
    outsideReferences(schema, scope, table).map(({ proof, table: child, parent }) => ({
      purpose: { kind: 'foreign-keys', table: child, parent },
      statement: proof,
    })),
  );
}

function hasChanges(comparison: Comparison, index: number): boolean {
  const plan = comparison.tables[index];
  return plan !== undefined && plan.inserts + plan.updates + plan.deletes > 0;
}

function* changeStatements(comparison: Comparison, table: Table, index: number): Generator<Statement> {
  if (table.key.length === 0) {
    for (const rows of rowGroups(bagChangesOf(comparison, table, index, 'old')))
      yield sql.deleteCopies(table, rows);
  } else {
    // All deletes come before any insert: a unique value may move from one row to another.
    const gone = changedRowsOf(comparison, table, index, 'old', ['delete', 'replace']);
    for (const rows of rowGroups(gone)) yield sql.deleteRows(table, rows);
    const columns = (comparison.tables[index]?.changedColumns ?? []).map(({ column }) => column);
    const updated = changedRowsOf(comparison, table, index, 'new', ['update']);
    for (const rows of rowGroups(updated)) yield sql.updateRows(table, rows, columns);
  }
  const added = changedRowsOf(comparison, table, index, 'new', ['insert', 'replace']);
  for (const rows of rowGroups(added)) yield sql.insertRows(table, rows);
}

/** Whether the batch compares every row of the scope before it commits, and not only those that it changes. */
export function provesWholeScope({ scope, tables, database }: Comparison): boolean {
  const cells = scope.reduce(
    (sum, table, index) => sum + (tables[index]?.rowsAfter ?? 0) * storedColumns(table).length,
    0,
  );
  return cells <= FULL_PROOF_CELLS && database.sizeBytes() <= FULL_PROOF_BYTES;
}
