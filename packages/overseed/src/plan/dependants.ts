/**
 * Who outside the scope depends on what goes away? For each foreign key that points into the scope, the referenced
 * values that vanish are looked up in the referring table on the target: a push never cascades by accident.
 */
import { actionOn, type Dependants } from '../model/dependants.ts';
import { affinityOf, type ForeignKey, referencedColumns, type Schema, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { bindRows } from '../sqlite/bind.ts';
import { refersTo } from '../sqlite/references.ts';
import { rowGroups } from '../sqlite/row-groups.ts';
import { ask, type Statement, type Target } from '../target/target.ts';
import { foldName } from '../util/fold-name.ts';
import { groupBy } from '../util/group-by.ts';
import { quoteName } from '../util/sql.ts';
import { type Comparison, changesTable, sameKeyAsChange } from './comparison.ts';

/** A question to the target: how many rows of `table` refer to values that vanish? */
export interface DependantQuestion {
  readonly table: string;
  readonly action: Dependants['action'];
  readonly count: Statement;
}

/** Nothing when no referenced value vanishes, which is the usual case and costs the target nothing. */
export function dependantQuestions(schema: Schema, comparison: Comparison): DependantQuestion[] {
  const scope = new Map(comparison.scope.map((table, index) => [foldName(table.name), { table, index }]));
  const questions: DependantQuestion[] = [];
  for (const child of schema.tables.values()) {
    if (scope.has(foldName(child.name))) continue;
    for (const foreignKey of child.foreignKeys) {
      const parent = scope.get(foldName(foreignKey.parent));
      if (!parent) continue;
      for (const event of ['delete', 'update'] as const) {
        const lost = lostValues(comparison, parent.table, parent.index, foreignKey, event);
        for (const rows of rowGroups(lost))
          questions.push({
            table: child.name,
            action: actionOn(event, foreignKey),
            count: countChildren(child, foreignKey, parent.table, rows),
          });
      }
    }
  }
  return questions;
}

export async function countDependants(
  target: Target,
  questions: readonly DependantQuestion[],
  signal: AbortSignal,
): Promise<Dependants[]> {
  if (questions.length === 0) return [];
  const answers = await ask(
    target,
    questions.map(({ count }) => count),
    signal,
  );
  const counted = questions.map(({ table, action }, index) => ({
    table,
    action,
    rows: Number(answers[index]?.[0]?.[0] ?? 0),
  }));
  return [...groupBy(counted, ({ table, action }) => `${action} ${table}`).values()].flatMap((group) => {
    const rows = group.reduce((sum, question) => sum + question.rows, 0);
    const [first] = group;
    return first && rows > 0 ? [{ ...first, rows, allowed: false }] : [];
  });
}

/** Referenced values of rows that are deleted, or that get another value, and that no other row has afterwards. */
function lostValues(
  { database, tables }: Comparison,
  parent: Table,
  index: number,
  foreignKey: ForeignKey,
  event: 'delete' | 'update',
): Iterable<SqlValue[]> {
  const plan = tables[index];
  if (!plan || (event === 'delete' ? plan.deletes : plan.updates) === 0) return [];
  const columns = referencedColumns(foreignKey, parent);
  const name = quoteName(parent.name);
  const present = columns.map((column) => `a.${quoteName(column)} IS NOT NULL`).join(' AND ');
  const same = columns.map((column) => `d.${quoteName(column)} = a.${quoteName(column)}`).join(' AND ');
  const kinds = event === 'delete' ? "'delete'" : "'update','replace'";
  const from =
    parent.key.length > 0
      ? `${changesTable(index)} AS c JOIN actual.${name} AS a ON ${sameKeyAsChange(parent, 'a', 'c')} WHERE c.kind IN (${kinds}) AND`
      : `actual.${name} AS a WHERE`;
  return database.exactRows(
    columns.map((column) => `a.${quoteName(column)}`),
    `FROM ${from} ${present} AND NOT EXISTS (SELECT 1 FROM main.${name} AS d WHERE ${same})`,
  );
}

function countChildren(
  child: Table,
  foreignKey: ForeignKey,
  parent: Table,
  lost: readonly SqlValue[][],
): Statement {
  const args: SqlValue[] = [];
  const values = `(VALUES ${bindRows(lost, args)})`;
  const columns = referencedColumns(foreignKey, parent);
  const affinity = (table: Table, name: string) =>
    affinityOf(table.columns.find((column) => foldName(column.name) === foldName(name))?.type ?? '');
  const alike = foreignKey.columns.every(
    (name, index) => affinity(child, name) === affinity(parent, columns[index] ?? name),
  );
  const from = `SELECT count(*) FROM ${quoteName(child.name)} AS c WHERE`;
  if (alike) {
    // An index of the child can be used, which matters for a table of millions.
    const collations = collationsOf(parent, columns);
    const cells = foreignKey.columns.map(
      (name, index) => `c.${quoteName(name)} COLLATE ${collations[index]}`,
    );
    return { sql: `${from} (${cells.join(', ')}) IN ${values}`, args };
  }
  const parentCells = columns.map((name) => `p.${quoteName(name)}`).join(', ');
  return {
    sql: `${from} EXISTS (SELECT 1 FROM ${quoteName(parent.name)} AS p
      WHERE ${refersTo(foreignKey, 'c', parent, 'p')} AND (${parentCells}) IN ${values})`,
    args,
  };
}

/** A foreign key needs a unique index on the referenced columns (or the rowid), and that has the collations. */
function collationsOf(parent: Table, columns: readonly string[]): string[] {
  const indexes = [...(parent.keyIndex ? [parent.keyIndex] : []), ...parent.uniqueIndexes];
  const wanted = columns.map(foldName);
  const index = indexes.find(
    (candidate) =>
      candidate.columns.length === wanted.length &&
      candidate.columns.every((name) => name !== null && wanted.includes(foldName(name))),
  );
  return wanted.map((name) => {
    const position = index?.columns.findIndex((column) => column !== null && foldName(column) === name) ?? -1;
    return quoteName(index?.collations[position] ?? 'BINARY');
  });
}
