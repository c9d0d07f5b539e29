/**
 * Columns that the source leaves to a non-constant default, or that a backup does not know, keep the value of the row that
 * is already there.
 */
import { messageOf, OverseedError } from '../model/error.ts';
import { listProblems } from '../model/problem.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import { isRefusal } from '../sqlite/engine-error.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import { cellIdentity } from '../sqlite/same-cell.ts';
import { sameKey } from '../sqlite/same-key.ts';
import { quoteName } from '../util/sql.ts';
import { checkForeignKeys } from './check-foreign-keys.ts';

export interface KeptColumns {
  readonly table: Table;
  readonly columns: readonly string[];
}

/**
 * Changes the desired database in place.
 * @throws SOURCE_INVALID when what is kept does not go together with the rest
 */
export function keepColumns(
  database: LocalDatabase,
  tables: readonly Table[],
  keptColumns: readonly KeptColumns[],
  actualFile: string,
): void {
  database.run('ATTACH ? AS actual', [actualFile]);
  try {
    for (const kept of keptColumns) keepInTable(database, kept);
  } finally {
    database.exec('DETACH actual');
  }
  requireParents(database, tables, keptColumns);
}

function keepInTable(database: LocalDatabase, { table, columns }: KeptColumns): void {
  const sets = columns.map((column) => `${quoteName(column)}=a.${quoteName(column)}`).join(', ');
  const name = quoteName(table.name);
  try {
    if (table.key.length === 0) keepInBag(database, table, columns, sets);
    else {
      database.run(
        `UPDATE OR ABORT main.${name} AS d SET ${sets} FROM actual.${name} AS a WHERE ${sameKey(table, 'a', 'd')}`,
      );
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw doesNotFit(
      `  ${table.name}: what it holds in ${columns.join(', ')} breaks a rule there: ${messageOf(error)}`,
    );
  }
}

/** A value that is kept may point to a row that goes away. */
function requireParents(
  database: LocalDatabase,
  tables: readonly Table[],
  keptColumns: readonly KeptColumns[],
): void {
  const names = new Map(keptColumns.map(({ table, columns }) => [table.name, new Set(columns)]));
  const concerned = tables.map((table) => ({
    ...table,
    foreignKeys: table.foreignKeys.filter(({ columns }) =>
      columns.some((column) => names.get(table.name)?.has(column)),
    ),
  }));
  const problems = checkForeignKeys(database, concerned, new Map());
  if (problems.length > 0) throw doesNotFit(listProblems(problems));
}

function doesNotFit(lines: string): OverseedError {
  return new OverseedError('SOURCE_INVALID', {
    what: `Columns that the source does not fill keep what the target holds in them, and that does not fit:\n${lines}`,
    state: 'old',
    next: 'Change those values on the target first, or fill the columns in the source.',
  });
}

/** Without a key, the first of the rows that are equal otherwise takes the values of the first such row, and so on. */
function keepInBag(database: LocalDatabase, table: Table, columns: readonly string[], sets: string): void {
  const rowid = rowidName(table);
  const others = storedColumns(table).filter(({ name }) => !columns.includes(name));
  if (rowid === undefined || others.length === 0) return;
  const partition = others.flatMap((column) => cellIdentity(quoteName(column.name))).join(', ');
  const counted = (schema: string) =>
    `(SELECT *, ${rowid} AS overseed_row, row_number() OVER (PARTITION BY ${partition} ORDER BY ${rowid}) AS overseed_copy
      FROM ${schema}.${quoteName(table.name)})`;
  const same = others.flatMap((column) => {
    const [left, right] = ['a', 'd'].map((alias) => cellIdentity(`${alias}.${quoteName(column.name)}`));
    return (left ?? []).map((part, index) => `${part} IS ${right?.[index]}`);
  });
  database.run(
    `UPDATE main.${quoteName(table.name)} AS t SET ${sets} FROM ${counted('actual')} AS a JOIN ${counted('main')} AS d
     ON a.overseed_copy=d.overseed_copy AND ${same.join(' AND ')} WHERE t.${rowid}=d.overseed_row`,
  );
}
