/** Reads the schema of a target through its port: what tables there are, and everything we need to rebuild them. */
import type {
  Column,
  ForeignKey,
  ForeignKeyAction,
  Schema,
  Table,
  UniqueIndex,
  VirtualTable,
} from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { foldName } from '../util/fold-name.ts';
import { groupBy } from '../util/group-by.ts';
import { originalOf, underName } from './stand-in.ts';
import { ask, type Statement, type Target } from './target.ts';

/** Virtual tables are left out of the questions about columns: asking wakes their module, which may be missing. */
const ORDINARY = `m.type='table' AND m.rootpage>0`;

const OBJECTS: Statement = { sql: 'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid' };
const COLUMNS: Statement = {
  sql: `SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
        FROM sqlite_schema AS m JOIN pragma_table_xinfo(m.name) AS c WHERE ${ORDINARY} ORDER BY m.rowid, c.cid`,
};
const TABLES: Statement = { sql: `SELECT name, type, wr FROM pragma_table_list WHERE schema='main'` };
const UNIQUES: Statement = {
  sql: `SELECT m.name, i.name, i.origin, i.partial, x.name, x.coll
        FROM sqlite_schema AS m JOIN pragma_index_list(m.name) AS i JOIN pragma_index_xinfo(i.name) AS x
        WHERE ${ORDINARY} AND i."unique"=1 AND x.key=1 ORDER BY m.rowid, i.seq, x.seqno`,
};
const FOREIGN_KEYS: Statement = {
  sql: `SELECT m.name, f.id, f."table", f."from", f."to", f.on_update, f.on_delete
        FROM sqlite_schema AS m JOIN pragma_foreign_key_list(m.name) AS f WHERE ${ORDINARY} ORDER BY m.rowid, f.id, f.seq`,
};

/** Triggers of our own, which a run that died may have left. */
export const TOUCH_PREFIX = '_overseed_touch_';

type Rows = readonly SqlValue[][];

export async function readSchema(target: Target, signal: AbortSignal): Promise<Schema> {
  const answers = await ask(target, [OBJECTS, COLUMNS, TABLES, UNIQUES, FOREIGN_KEYS], signal);
  const [objects = [], columnRows = [], tableList = [], uniqueRows = [], foreignKeyRows = []] = answers;
  const kinds = new Map(tableList.map(([name, type, wr]) => [String(name), { type: String(type), wr }]));
  const columns = byFirstCell(columnRows);
  const uniques = byFirstCell(uniqueRows);
  const foreignKeys = byFirstCell(foreignKeyRows);
  // An index or a trigger may spell the name of its table in another case.
  const parts = groupBy(objects, ([, , table]) => foldName(String(table)));

  const tables = new Map<string, Table>();
  const virtualTables: VirtualTable[] = [];
  const otherThings = new Map<string, string>(
    // They have no entry of their own in the schema.
    ['sqlite_schema', 'sqlite_master'].map((name) => [name, "one of SQLite's own tables"]),
  );
  for (const [type, nameCell, , sqlCell] of objects) {
    if (type !== 'table' && type !== 'view') continue;
    const name = String(nameCell);
    const folded = foldName(name);
    const kind = kinds.get(name);
    const isOurs = /^_overseed_/i.test(name);
    if (kind?.type === 'virtual' && !isOurs) virtualTables.push(toVirtualTable(name, String(sqlCell)));
    const otherThing = describeOtherThing(name, type, kind?.type, String(sqlCell));
    if (otherThing !== undefined) {
      otherThings.set(folded, otherThing);
      continue;
    }
    const own = columns.get(name) ?? [];
    const indexes = toUniqueIndexes(uniques.get(name) ?? []);
    tables.set(folded, {
      name,
      columns: own.map(toColumn),
      key: own
        .filter((row) => Number(row[5]) > 0)
        .sort((a, b) => Number(a[5]) - Number(b[5]))
        .map((row) => String(row[1])),
      keyIndex: indexes.find(({ origin }) => origin === 'pk')?.index,
      withoutRowid: kind?.wr === 1n,
      uniqueIndexes: indexes.filter(({ origin }) => origin !== 'pk').map(({ index }) => index),
      foreignKeys: toForeignKeys(foreignKeys.get(name) ?? []),
      sql: String(sqlCell),
      indexes: toIndexes(parts.get(folded) ?? []),
      triggers: (parts.get(folded) ?? [])
        .filter(([partType, trigger]) => partType === 'trigger' && !String(trigger).startsWith(TOUCH_PREFIX))
        .map(([, trigger, , sql]) => ({ name: String(trigger), sql: String(sql) })),
    });
  }
  const ownThings = objects.map(([, name]) => String(name)).filter((name) => /^_overseed_/i.test(name));
  return { tables, virtualTables, otherThings, ownThings };
}

/** Those with SQL of their own. What stands in for another is shown as the other. */
function toIndexes(parts: Rows): Table['indexes'] {
  const indexes = parts
    .filter(([type, , , sql]) => type === 'index' && sql !== null)
    .map(([, name, , sql]) => ({ name: String(name), sql: String(sql) }));
  return indexes.flatMap(({ name, sql }) => {
    const original = originalOf(name);
    if (original === undefined) return [{ name, sql }];
    if (indexes.some((index) => index.name === original)) return [];
    return [{ name: original, sql: underName(sql, original) }];
  });
}

function byFirstCell(rows: Rows): Map<string, SqlValue[][]> {
  return groupBy(rows, ([name]) => String(name));
}

/** Why something with the name of a table is not one that rows can be pushed into; undefined when it is. */
function describeOtherThing(
  name: string,
  type: string,
  kind: string | undefined,
  sql: string,
): string | undefined {
  if (type === 'view') return 'a view';
  if (kind === 'virtual') return `a virtual table (${toVirtualTable(name, sql).module})`;
  if (kind === 'shadow') return 'the inside of a virtual table';
  if (/^sqlite_/i.test(name)) return "one of SQLite's own tables";
  if (/^libsql_/i.test(name)) return "one of libSQL's own tables";
  if (/^_overseed/i.test(name)) return "one of Overseed's own tables";
  return undefined;
}

function toVirtualTable(name: string, sql: string): VirtualTable {
  return { name, module: /\bUSING\s+["'`[]?(\w+)/i.exec(sql)?.[1]?.toLowerCase() ?? 'unknown', sql };
}

function toColumn([, name, type, notNull, defaultSql, , hidden]: readonly SqlValue[]): Column {
  return {
    name: String(name),
    type: String(type),
    notNull: notNull === 1n,
    default: defaultSql === null || defaultSql === undefined ? null : String(defaultSql),
    // 2 and 3 are virtual and stored generated columns (sqlite.org/pragma.html, table_xinfo).
    generated: hidden === 2n ? 'virtual' : hidden === 3n ? 'stored' : undefined,
  };
}

function toUniqueIndexes(rows: Rows): { origin: string; index: UniqueIndex }[] {
  return [...groupBy(rows, ([, name]) => String(name))].map(([name, own]) => ({
    origin: String(own[0]?.[2]),
    index: {
      name,
      columns: own.map((row) => (row[4] === null ? null : String(row[4]))),
      collations: own.map((row) => String(row[5])),
      partial: own[0]?.[3] === 1n,
    },
  }));
}

function toForeignKeys(rows: Rows): ForeignKey[] {
  return [...groupBy(rows, ([, id]) => id).values()].map((own) => ({
    parent: String(own[0]?.[2]),
    columns: own.map((row) => String(row[3])),
    parentColumns: own.flatMap((row) => (row[4] === null ? [] : [String(row[4])])),
    onUpdate: String(own[0]?.[5]) as ForeignKeyAction,
    onDelete: String(own[0]?.[6]) as ForeignKeyAction,
  }));
}
