/** SQL that brings a full-text index into step with its table, inside the batch. */
import type { Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import type { SearchIndex } from '../plan/search-indexes.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import type { Statement } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';
import { matchStaged } from './staged-statements.ts';
import { keyIsAmong } from './statements.ts';

/** It takes in all of its table again. */
export function rebuildSearchIndex(name: string): Statement {
  const quoted = quoteName(name);
  return { sql: `INSERT INTO ${quoted}(${quoted}) VALUES ('rebuild')` };
}

/** Entries of the rows that are going to change, by the words that they have now. @param rows as they are; only their keys are used */
export function takeOutEntries(index: SearchIndex, table: Table, rows: readonly SqlValue[][]): Statement {
  const { condition, args } = keyIsAmong(table, 't', rows);
  return { sql: `${takeOut(index, table)} FROM ${quoteName(table.name)} AS t WHERE ${condition}`, args };
}

/** Entries of rows that have changed. */
export function putInEntries(index: SearchIndex, table: Table, rows: readonly SqlValue[][]): Statement {
  const { condition, args } = keyIsAmong(table, 't', rows);
  return { sql: `${putIn(index, table)} FROM ${quoteName(table.name)} AS t WHERE ${condition}`, args };
}

/** The same for rows whose changes wait in a staging table. */
export function takeOutStaged(index: SearchIndex, table: Table, staging: string): Statement {
  return { sql: `${takeOut(index, table)} ${fromStaged(table, staging)} WHERE s.kind<>'insert'` };
}

export function putInStaged(index: SearchIndex, table: Table, staging: string): Statement {
  return { sql: `${putIn(index, table)} ${fromStaged(table, staging)} WHERE s.kind<>'delete'` };
}

function fromStaged(table: Table, staging: string): string {
  return `FROM ${quoteName(staging)} AS s JOIN ${quoteName(table.name)} AS t ON ${matchStaged(table, 't')}`;
}

/** Up to FROM; the row is `t`. */
function takeOut(index: SearchIndex, table: Table): string {
  const name = quoteName(index.name);
  return `INSERT INTO ${name} (${name}, ${columnsOf(index)}) SELECT 'delete', ${cellsOf(index, table)}`;
}

/** Up to FROM; the row is `t`. */
function putIn(index: SearchIndex, table: Table): string {
  return entriesInto(index.name, index, table);
}

/** Up to FROM; the row is `t`. @param name of the index, which may be another with the same definition */
export function entriesInto(name: string, index: SearchIndex, table: Table): string {
  return `INSERT INTO ${quoteName(name)} (${columnsOf(index)}) SELECT ${cellsOf(index, table)}`;
}

function columnsOf({ entries }: SearchIndex): string {
  return ['rowid', ...(entries?.columns ?? []).map(quoteName)].join(', ');
}

function cellsOf({ entries }: SearchIndex, table: Table): string {
  return [rowidName(table) ?? 'rowid', ...(entries?.columns ?? []).map(quoteName)]
    .map((cell) => `t.${cell}`)
    .join(', ');
}
