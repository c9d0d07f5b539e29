/**
 * Views and triggers that are in the way of a rename. SQLite checks all of them when a table is renamed, and one that
 * mentions a table which has just been dropped stops it; so all are taken away and put back, word for word.
 */
import type { Table } from '../model/schema.ts';
import { assertEquals } from '../target/assert-equals.ts';
import { TOUCH_PREFIX } from '../target/read-schema.ts';
import { ask, type Statement, type Target } from '../target/target.ts';
import { placeholders, quoteName, quoteText } from '../util/sql.ts';

/** What messages call it, in the place of a table. */
export const SCHEMA = 'the schema';

/** A table and its indexes, by name and as the target stores them. */
export type Definitions = Pick<Table, 'name' | 'sql' | 'indexes'>;

export interface SchemaObjects {
  readonly drop: readonly Statement[];
  readonly create: readonly Statement[];
}

/** Every view and trigger of the target, but for our own, in the order in which they were made. */
export async function readSchemaObjects(target: Target, signal: AbortSignal): Promise<SchemaObjects> {
  const [rows = []] = await ask(
    target,
    [
      {
        sql: `SELECT type, name, sql FROM sqlite_schema WHERE type IN ('view','trigger') AND ${NOT_OURS} ORDER BY rowid`,
      },
    ],
    signal,
  );
  const objects = rows.map(([type, name, sql]) => ({
    type: String(type),
    name: String(name),
    sql: String(sql),
  }));
  // Dropping a view drops its triggers, so triggers go first and come back last.
  const triggers = objects.filter(({ type }) => type === 'trigger');
  const views = objects.filter(({ type }) => type === 'view');
  return {
    drop: [...triggers, ...views].map(({ type, name }) => ({
      sql: `DROP ${type.toUpperCase()} ${quoteName(name)}`,
    })),
    create: [...views, ...triggers].map(({ sql }) => ({ sql })),
  };
}

/** Those that watch a table come and go on their own. */
const NOT_OURS = `substr(name, 1, ${TOUCH_PREFIX.length})<>${quoteText(TOUCH_PREFIX)}`;

/** Fails unless the schema still says each of these, word for word. */
export function assertDefined(definitions: readonly string[]): Statement {
  const found = `SELECT count(*) FROM sqlite_schema WHERE sql IN ${placeholders(definitions.length)}`;
  return assertEquals(found, definitions.length, definitions);
}

/** Fail unless what a swap would put back, or drop with its table, is all there is. */
export function assertSchemaUnmoved({ create }: SchemaObjects, changed: readonly Definitions[]): Statement[] {
  const definitions = [
    ...create.map(({ sql }) => sql),
    ...changed.flatMap(({ sql, indexes }) => [sql, ...indexes.map((index) => index.sql)]),
  ];
  const names = changed.map(({ name }) => name);
  const concerned = `sql IS NOT NULL AND ${NOT_OURS} AND (type IN ('view','trigger') OR tbl_name COLLATE NOCASE IN ${placeholders(names.length)})`;
  return [
    assertDefined(definitions),
    assertEquals(`SELECT count(*) FROM sqlite_schema WHERE ${concerned}`, definitions.length, names),
  ];
}
