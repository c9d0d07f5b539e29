/**
 * The difference between two SQLite files, by SQL. The database at hand is what shall be (`main`); the other file
 * is attached as `actual`; what changes is listed in tables of a third file, `changes`, so that memory stays flat
 * however much it is.
 */
import type { TablePlan } from '../model/plan.ts';
import { type Column, keyMayBeNull, storedColumns, type Table } from '../model/schema.ts';
import { joinBalanced } from '../sqlite/balanced.ts';
import { hasForeignCollation } from '../sqlite/key-collation.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { cellDiffers } from '../sqlite/same-cell.ts';
import { sameKey } from '../sqlite/same-key.ts';
import { quoteName } from '../util/sql.ts';
import { compareAsBag } from './compare-bags.ts';
import { type Comparison, type ComparisonResult, changesTable } from './comparison.ts';

/**
 * @param actualFile SQLite file with the same tables
 * @param changesFile path of a file to make
 */
export function compareTables(
  database: LocalDatabase,
  tables: readonly Table[],
  actualFile: string,
  changesFile: string,
): Comparison {
  const comparison = attachComparison(database, { scope: [], tables: [] }, actualFile, changesFile);
  try {
    const scope = tables.map((table) =>
      hasNullKey(database, table) || hasForeignCollation(table) ? { ...table, key: [] } : table,
    );
    const plans = scope.map((table, index) =>
      table.key.length > 0 ? compareByKey(database, table, index) : compareAsBag(database, table, index),
    );
    return { ...comparison, scope, tables: plans };
  } catch (error) {
    comparison[Symbol.dispose]();
    throw error;
  }
}

/** Attaches the files of a comparison whose result is known already. */
export function attachComparison(
  database: LocalDatabase,
  result: ComparisonResult,
  actualFile: string,
  changesFile: string,
): Comparison {
  database.run('ATTACH ? AS actual', [actualFile]);
  database.run('ATTACH ? AS changes', [changesFile]);
  database.exec(
    'PRAGMA changes.journal_mode=OFF; PRAGMA changes.synchronous=OFF; PRAGMA actual.cache_size=-8000',
  );
  let attached = true;
  return {
    ...result,
    files: { desired: database.file, actual: actualFile, changes: changesFile },
    database,
    [Symbol.dispose]() {
      if (!attached) return;
      attached = false;
      database.exec('DETACH changes');
      database.exec('DETACH actual');
    },
  };
}

function hasNullKey(database: LocalDatabase, table: Table): boolean {
  if (!keyMayBeNull(table)) return false;
  const isNull = table.key.map((name) => `${quoteName(name)} IS NULL`).join(' OR ');
  const found = (schema: string) =>
    `EXISTS (SELECT 1 FROM ${schema}.${quoteName(table.name)} WHERE ${isNull})`;
  return database.count(`SELECT ${found('main')} OR ${found('actual')}`) === 1;
}

/** One pass finds what is new and what differs; a second one, for what is gone, only runs when something is. */
function compareByKey(database: LocalDatabase, table: Table, index: number): TablePlan {
  const name = quoteName(table.name);
  const changes = changesTable(index);
  const columns = storedColumns(table);
  const keyOf = (alias: string) =>
    table.key.map((column, position) => `${alias}.${quoteName(column)} AS k${position + 1}`).join(', ');
  const differsIn = (column: Column) => {
    const cell = quoteName(column.name);
    return cellDiffers(column, `d.${cell}`, `a.${cell}`);
  };
  const differs = columns.map(differsIn);
  const isNew = `a.${quoteName(table.key[0] as string)} IS NULL`;
  const unique = uniqueColumns(table);
  const movesUnique = unique ? joinBalanced(unique.map(differsIn), 'OR') : '1';

  database.exec(
    `CREATE TABLE ${changes} AS SELECT '' AS kind, ${keyOf('d')}, 0 AS changed FROM main.${name} AS d WHERE 0`,
  );
  database.run(
    `INSERT INTO ${changes}
     SELECT CASE WHEN ${isNew} THEN 'insert' WHEN ${movesUnique} THEN 'replace' ELSE 'update' END, ${keyOf('d')},
       CASE WHEN ${isNew} THEN NULL ELSE ${changedBits(differs)} END
     FROM main.${name} AS d LEFT JOIN actual.${name} AS a ON ${sameKey(table, 'a', 'd', '=')}
     WHERE ${isNew} OR ${joinBalanced(differs, 'OR')}`,
  );
  const inserts = database.count(`SELECT count(*) FROM ${changes} WHERE kind='insert'`);
  const updates = database.count(`SELECT count(*) FROM ${changes} WHERE kind<>'insert'`);
  const rowsBefore = database.count(`SELECT count(*) FROM actual.${name}`);
  const rowsAfter = database.count(`SELECT count(*) FROM main.${name}`);
  const deletes = rowsBefore - (rowsAfter - inserts);
  if (deletes > 0) {
    database.run(
      `INSERT INTO ${changes} SELECT 'delete', ${keyOf('a')}, NULL FROM actual.${name} AS a
       WHERE NOT EXISTS (SELECT 1 FROM main.${name} AS d WHERE ${sameKey(table, 'd', 'a')})`,
    );
  }
  return {
    table: table.name,
    inserts,
    updates,
    deletes,
    unchanged: rowsAfter - inserts - updates,
    rowsBefore,
    rowsAfter,
    changedColumns: updates === 0 ? [] : countChangedColumns(database, changes, columns),
  };
}

/** Bits in one integer. Columns beyond them count as changed in every changed row, which only costs speed. */
const BITS = 62;

/** SQL of an integer whose bits say which columns differ. */
function changedBits(differs: readonly string[]): string {
  const bits = differs.slice(0, BITS).map((sql, position) => `((${sql})<<${position})`);
  return joinBalanced(bits, '+');
}

function countChangedColumns(
  database: LocalDatabase,
  changes: string,
  columns: readonly Column[],
): TablePlan['changedColumns'] {
  const sums = columns.map((_, position) =>
    position < BITS ? `sum((changed>>${position})&1)` : 'count(changed)',
  );
  const [counts = []] = database.rows(`SELECT ${sums.join(', ')} FROM ${changes}`);
  return columns
    .map(({ name }, position) => ({ column: name, rows: Number(counts[position] ?? 0) }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows);
}

/**
 * Columns whose change may move a unique value from one row to another; undefined when any column may, because an
 * index holds an expression or covers only some rows. The key is among them: two keys may be one under their collation
 * and yet differ byte by byte.
 */
function uniqueColumns(table: Table): Column[] | undefined {
  const names = new Set<string | null>(table.key);
  for (const { columns, partial } of table.uniqueIndexes) {
    if (partial) return undefined;
    for (const name of columns) names.add(name);
  }
  return names.has(null) ? undefined : table.columns.filter(({ name }) => names.has(name));
}
