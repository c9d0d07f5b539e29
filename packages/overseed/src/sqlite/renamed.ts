/** Definitions of a table under another name, as SQLite itself would write them. */
import type { Table } from '../model/schema.ts';
import { quoteName } from '../util/sql.ts';
import { isEngineError } from './engine-error.ts';
import { LocalDatabase } from './local-database.ts';
import { aroundName } from './stored-sql.ts';

type Definitions = Pick<Table, 'name' | 'sql' | 'indexes'>;

/**
 * Only the name differs, where that is enough: a reference to the table itself goes on meaning the name, which the new
 * table will have in the end. A CHECK may mention columns with the name of their table before them; then SQLite writes
 * the whole anew.
 */
export function tableUnderName(table: Definitions, name: string): string {
  const plain = `CREATE TABLE ${quoteName(name)}${aroundName(table.sql).after}`;
  using database = new LocalDatabase(':memory:');
  try {
    database.exec(plain);
    return plain;
  } catch (error) {
    if (!isEngineError(error)) throw error;
    return rename({ ...table, indexes: [] }, name).sql;
  }
}

/** Its indexes keep their own names. */
export function indexesUnderName(table: Definitions, name: string): Table['indexes'] {
  return rename(table, name).indexes;
}

/** Whether this machine's engine knows all that the definitions mention. */
export function canRename(table: Definitions): boolean {
  try {
    rename(table, `${table.name} `);
    return true;
  } catch (error) {
    if (isEngineError(error)) return false;
    throw error;
  }
}

function rename({ name, sql, indexes }: Definitions, to: string): Pick<Definitions, 'sql' | 'indexes'> {
  using database = new LocalDatabase(':memory:');
  database.exec('PRAGMA foreign_keys=OFF');
  for (const definition of [sql, ...indexes.map((index) => index.sql)]) database.exec(definition);
  database.exec(`ALTER TABLE ${quoteName(name)} RENAME TO ${quoteName(to)}`);
  const stored = new Map(
    database
      .rows('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL')
      .map(([key, value]) => [String(key), String(value)]),
  );
  return {
    sql: stored.get(to) ?? '',
    indexes: indexes.map((index) => ({ name: index.name, sql: stored.get(index.name) ?? '' })),
  };
}
