/** Reads the schema of a target through its port: what tables there are, and everything we need to rebuild them. */
import type { Column, Table, UniqueIndex } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { ask, type Statement, type Target } from './target.ts';

const OBJECTS: Statement = {
  sql: `SELECT type, name, tbl_name, sql FROM sqlite_schema
        WHERE type IN ('table','index','trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid`,
};
const COLUMNS: Statement = {
  sql: `SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
        FROM sqlite_schema AS m JOIN pragma_table_xinfo(m.name) AS c
        WHERE m.type='table' ORDER BY m.rowid, c.cid`,
};
const TABLES: Statement = { sql: `SELECT name, type, wr FROM pragma_table_list WHERE schema='main'` };
const UNIQUES: Statement = {
  sql: `SELECT m.name, i.name, x.name
        FROM sqlite_schema AS m JOIN pragma_index_list(m.name) AS i JOIN pragma_index_xinfo(i.name) AS x
        WHERE m.type='table' AND i."unique"=1 AND i.origin<>'pk' AND x.key=1 ORDER BY m.rowid, i.seq, x.seqno`,
};

/** All tables of the target by name, views and virtual tables left out. */
export async function readSchema(target: Target, signal: AbortSignal): Promise<Map<string, Table>> {
  const answers = await ask(target, [OBJECTS, COLUMNS, TABLES, UNIQUES], signal);
  const [objects = [], columns = [], tableList = [], uniques = []] = answers;

  const withoutRowid = new Map<string, boolean>();
  for (const [name, type, wr] of tableList) if (type === 'table') withoutRowid.set(String(name), wr === 1n);

  const tables = new Map<string, Table>();
  for (const [type, name, , sql] of objects) {
    const tableName = String(name);
    if (type !== 'table' || !withoutRowid.has(tableName)) continue;
    const own = columns.filter((row) => row[0] === name);
    tables.set(tableName, {
      name: tableName,
      columns: own.map(toColumn),
      key: own
        .filter((row) => Number(row[5]) > 0)
        .sort((a, b) => Number(a[5]) - Number(b[5]))
        .map((row) => String(row[1])),
      withoutRowid: withoutRowid.get(tableName) === true,
      uniqueIndexes: toUniqueIndexes(uniques.filter((row) => row[0] === name)),
      sql: String(sql),
      indexSql: objects
        .filter((o) => o[0] === 'index' && o[2] === name && o[3] !== null)
        .map((o) => String(o[3])),
      triggers: objects
        .filter((o) => o[0] === 'trigger' && o[2] === name)
        .map((o) => ({ name: String(o[1]), sql: String(o[3]) })),
    });
  }
  return tables;
}

function toColumn([, name, type, notNull, defaultSql, , hidden]: readonly SqlValue[]): Column {
  return {
    name: String(name),
    type: String(type),
    notNull: notNull === 1n,
    default: defaultSql === null || defaultSql === undefined ? null : String(defaultSql),
    // 2 and 3 are virtual and stored generated columns (sqlite.org/pragma.html, table_xinfo).
    generated: hidden === 2n || hidden === 3n,
  };
}

function toUniqueIndexes(rows: readonly SqlValue[][]): UniqueIndex[] {
  const byName = new Map<string, (string | null)[]>();
  for (const [, index, column] of rows) {
    const columns = byName.get(String(index)) ?? [];
    columns.push(column === null || column === undefined ? null : String(column));
    byName.set(String(index), columns);
  }
  return [...byName].map(([name, columns]) => ({ name, columns }));
}
