/** SQL that moves staged rows into their live tables, inside the batch. */
import { storedColumns, type Table } from '../model/schema.ts';
import { joinBalanced } from '../sqlite/balanced.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import { assertEquals } from '../target/assert-equals.ts';
import type { Statement } from '../target/target.ts';
import { quoteName, quoteText } from '../util/sql.ts';

/** Moves changed rows from a `delta` staging table. Deletes come first: a unique value may move between rows. */
export function deltaStatements(table: Table, staging: string, changed: readonly string[]): Statement[] {
  const live = quoteName(table.name);
  const stage = quoteName(staging);
  const columns = storedColumns(table).map(({ name }) => quoteName(name));
  const cells = columns.map((_, index) => `s.c${index}`);
  const sets = changed.map((name) => `${quoteName(name)}=s.c${position(table, name)}`).join(', ');
  const statements = [
    deleteStaged(table, stage),
    ...(sets
      ? [
          `UPDATE ${live} SET ${sets} FROM ${stage} AS s WHERE s.kind='update' AND ${matchStaged(table, live)}`,
        ]
      : []),
    `INSERT INTO ${live} (${columns.join(', ')}) SELECT ${cells.join(', ')} FROM ${stage} AS s WHERE s.kind IN ('insert','replace')`,
  ];
  return toStatements(statements);
}

function deleteStaged(table: Table, stage: string): string {
  const live = quoteName(table.name);
  const gone = `s.kind IN ('delete','replace')`;
  const rowid = rowidName(table);
  if (rowid !== undefined) {
    return `DELETE FROM ${live} WHERE ${rowid} IN (SELECT t.${rowid} FROM ${stage} AS s JOIN ${live} AS t ON ${matchStaged(table, 't')} WHERE ${gone})`;
  }
  return `DELETE FROM ${live} WHERE EXISTS (SELECT 1 FROM ${stage} AS s WHERE ${gone} AND ${matchStaged(table, live)})`;
}

/** Fails unless every staged row is in the live table, cell by cell with its storage class. */
export function assertStagedPresent(table: Table, staging: string, expected: number): Statement {
  const cells = storedColumns(table).map(
    ({ name }, index) =>
      `t.${quoteName(name)} COLLATE BINARY IS s.c${index} AND typeof(t.${quoteName(name)})=typeof(s.c${index})`,
  );
  return assertEquals(
    `SELECT count(*) FROM ${quoteName(staging)} AS s JOIN ${quoteName(table.name)} AS t ON ${matchStaged(table, 't')} WHERE s.kind<>'delete' AND ${joinBalanced(cells, 'AND')}`,
    expected,
  );
}

/**
 * Puts a table that was built aside in the place of the live one.
 * @param statistics names of the tables in which ANALYZE keeps its results
 * @param afterwards makes its indexes, or moves the statistics of those that it has
 */
export function swapStatements(
  table: Table,
  staging: string,
  statistics: readonly string[],
  afterwards: readonly Statement[],
): Statement[] {
  const live = quoteName(table.name);
  const sequence = /\bAUTOINCREMENT\b/i.test(table.sql) ? keepSequence(table.name, staging) : [];
  return [
    ...toStatements([
      ...sequence,
      // DROP TABLE takes the statistics of a table away, and a rename does not change their name: so they step aside.
      ...statistics.map((name) => renameStatistics(name, table.name, staging)),
      `DROP TABLE ${live}`,
      `ALTER TABLE ${quoteName(staging)} RENAME TO ${live}`,
      ...statistics.map((name) => renameStatistics(name, staging, table.name)),
    ]),
    ...afterwards,
  ];
}

function toStatements(texts: readonly string[]): Statement[] {
  return texts.map((sql) => ({ sql }));
}

function renameStatistics(statistics: string, from: string, to: string): string {
  return `UPDATE ${quoteName(statistics)} SET tbl=${quoteText(to)} WHERE tbl=${quoteText(from)}`;
}

/** Numbers that were handed out are never handed out again: the new table's counter starts where the old one stood. */
function keepSequence(live: string, staging: string): string[] {
  const old = `(SELECT seq FROM sqlite_sequence WHERE name=${quoteText(live)})`;
  return [
    `UPDATE sqlite_sequence SET seq=max(seq, ifnull(${old}, 0)) WHERE name=${quoteText(staging)}`,
    `INSERT INTO sqlite_sequence (name, seq) SELECT ${quoteText(staging)}, ${old}
     WHERE ${old} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name=${quoteText(staging)})`,
  ];
}

function position(table: Table, name: string): number {
  return storedColumns(table).findIndex((column) => column.name === name);
}

/** The live row `alias` has the key of the staged row `s`. */
export function matchStaged(table: Table, alias: string): string {
  return table.key.map((name) => `${alias}.${quoteName(name)} IS s.c${position(table, name)}`).join(' AND ');
}
