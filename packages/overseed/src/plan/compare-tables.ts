/**
 * The difference between two SQLite files, by SQL. The database at hand is what shall be (`main`); the other file
 * is attached as `actual`; the keys of changed rows go into tables of a third file, `changes`, so that memory
 * stays flat however many there are.
 *
 * Two cells are equal when they have the same storage class and the same value, text byte by byte: an integer is
 * never equal to a real, NULL equals NULL, and a column's collation plays no part.
 */
import type { TablePlan } from '../model/plan.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { sameKey } from '../sqlite/same-key.ts';
import { quoteName } from '../util/sql.ts';

/** `replace` is an update that must be done as delete and insert, because a unique value may move between rows. */
export type ChangeKind = 'insert' | 'update' | 'replace' | 'delete';

export interface Comparison extends Disposable {
  readonly database: LocalDatabase;
  readonly tables: readonly TablePlan[];
}

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
  const comparison = attachComparison(database, [], actualFile, changesFile);
  try {
    const plans = tables.map((table, index) =>
      table.key.length > 0 ? compareByKey(database, table, index) : compareAsMultiset(database, table, index),
    );
    return { ...comparison, tables: plans };
  } catch (error) {
    comparison[Symbol.dispose]();
    throw error;
  }
}

/** Attaches the files of a comparison whose result is known already. */
export function attachComparison(
  database: LocalDatabase,
  plans: readonly TablePlan[],
  actualFile: string,
  changesFile: string,
): Comparison {
  database.run('ATTACH ? AS actual', [actualFile]);
  database.run('ATTACH ? AS changes', [changesFile]);
  database.exec(
    'PRAGMA changes.journal_mode=OFF; PRAGMA changes.synchronous=OFF; PRAGMA actual.cache_size=-24000',
  );
  let attached = true;
  return {
    database,
    tables: plans,
    [Symbol.dispose]() {
      if (!attached) return;
      attached = false;
      database.exec('DETACH changes');
      database.exec('DETACH actual');
    },
  };
}

/** Where the keys of the changed rows of table number `index` are listed. */
export function changesTable(index: number): string {
  return `changes.t${index}`;
}

function differs(left: string, right: string): string {
  return `(${left} COLLATE BINARY IS NOT ${right} COLLATE BINARY OR typeof(${left})<>typeof(${right}))`;
}

function compareByKey(database: LocalDatabase, table: Table, index: number): TablePlan {
  const name = quoteName(table.name);
  const changes = changesTable(index);
  const columns = storedColumns(table).map((column) => column.name);
  const keyOf = (alias: string) => table.key.map((column) => `${alias}.${quoteName(column)}`).join(', ');
  const cellDiffers = (column: string) => differs(`d.${quoteName(column)}`, `a.${quoteName(column)}`);
  const rowDiffers = columns.map(cellDiffers).join(' OR ');
  const both = `main.${name} AS d JOIN actual.${name} AS a ON ${sameKey(table, 'a', 'd')}`;

  database.exec(`CREATE TABLE ${changes} AS SELECT '' AS kind, ${keyOf('d')} FROM main.${name} AS d WHERE 0`);
  const inserts = database.run(
    `INSERT INTO ${changes} SELECT 'insert', ${keyOf('d')} FROM main.${name} AS d
     WHERE NOT EXISTS (SELECT 1 FROM actual.${name} AS a WHERE ${sameKey(table, 'a', 'd')})`,
  );
  const deletes = database.run(
    `INSERT INTO ${changes} SELECT 'delete', ${keyOf('a')} FROM actual.${name} AS a
     WHERE NOT EXISTS (SELECT 1 FROM main.${name} AS d WHERE ${sameKey(table, 'd', 'a')})`,
  );
  // Two keys may be one under their collation and yet differ byte by byte.
  const movesUnique = uniqueColumns(table)?.concat(table.key).map(cellDiffers).join(' OR ') ?? '1';
  const updates = database.run(
    `INSERT INTO ${changes} SELECT CASE WHEN ${movesUnique} THEN 'replace' ELSE 'update' END, ${keyOf('d')}
     FROM ${both} WHERE ${rowDiffers}`,
  );
  const rowsBefore = database.count(`SELECT count(*) FROM actual.${name}`);
  const rowsAfter = database.count(`SELECT count(*) FROM main.${name}`);
  return {
    table: table.name,
    inserts,
    updates,
    deletes,
    unchanged: rowsAfter - inserts - updates,
    rowsBefore,
    rowsAfter,
    changedColumns: updates === 0 ? [] : countChangedColumns(),
  };

  function countChangedColumns(): TablePlan['changedColumns'] {
    const sums = columns.map((column) => `sum(${cellDiffers(column)})`).join(', ');
    const [counts = []] = database.rows(`SELECT ${sums} FROM ${both} WHERE ${rowDiffers}`);
    return columns
      .map((column, position) => ({ column, rows: Number(counts[position] ?? 0) }))
      .filter(({ rows }) => rows > 0)
      .sort((a, b) => b.rows - a.rows);
  }
}

/** Columns under a unique index; undefined when an index holds an expression, so that any column may matter. */
function uniqueColumns(table: Table): string[] | undefined {
  const columns = table.uniqueIndexes.flatMap((index) => index.columns);
  return columns.includes(null) ? undefined : [...new Set(columns as string[])];
}

/** Without a key there is no "same row": either the two hold the same rows as often, or the table is replaced. */
function compareAsMultiset(database: LocalDatabase, table: Table, index: number): TablePlan {
  const name = quoteName(table.name);
  const cells = storedColumns(table).flatMap(({ name: column }) => [
    `${quoteName(column)} COLLATE BINARY`,
    `typeof(${quoteName(column)})`,
  ]);
  const counted = (schema: string) =>
    `SELECT ${cells.join(', ')}, count(*) FROM ${schema}.${name} GROUP BY ${cells.join(', ')}`;
  const rowsBefore = database.count(`SELECT count(*) FROM actual.${name}`);
  const rowsAfter = database.count(`SELECT count(*) FROM main.${name}`);
  const same =
    rowsBefore === rowsAfter &&
    database.rows(`${counted('main')} EXCEPT ${counted('actual')} LIMIT 1`).length === 0;
  database.exec(`CREATE TABLE ${changesTable(index)} (kind TEXT)`);
  return {
    table: table.name,
    inserts: same ? 0 : rowsAfter,
    updates: 0,
    deletes: same ? 0 : rowsBefore,
    unchanged: same ? rowsAfter : 0,
    rowsBefore,
    rowsAfter,
    changedColumns: [],
  };
}
