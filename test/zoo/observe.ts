/** What a database holds, as text that shows every bit and every storage class. */
import type { SqlValue } from '../../packages/overseed/src/model/value.ts';
import { foldName } from '../../packages/overseed/src/util/fold-name.ts';

export type Ask = (sql: string) => Promise<SqlValue[][]>;

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

const NAME = String.raw`(?:"(?:[^"]|"")*"|\`(?:[^\`]|\`\`)*\`|\[[^\]]*\]|'(?:[^']|'')*'|(?:(?!/\*)[^\s("\`['|])+)`;
const CREATE_TABLE = new RegExp(String.raw`CREATE( VIRTUAL)? TABLE\s+${NAME}\s*`, 'i');
const CREATE_INDEX = new RegExp(
  String.raw`(CREATE (?:UNIQUE )?INDEX\s+${NAME}.*?\bON\b\W*?)${NAME}\s*`,
  'is',
);

/** Beyond this a cell is shown by its length and its two ends: a server's answer has a limit. */
const SHOWN_BYTES = 20_000;

/** All rows of a table, generated columns included, in an order that depends on nothing but the rows. */
export async function contentOf(ask: Ask, table: string): Promise<string[]> {
  const columns = await ask(`SELECT name FROM pragma_table_xinfo('${table.replaceAll("'", "''")}')`);
  const cells = columns.map(([name]) => shown(`t.${quote(String(name))}`));
  // In pieces, since a server's answer has at most 2,000 columns and a compound expression a limited depth.
  const rows = await ask(`SELECT ${cells.join(', ')} FROM ${quote(table)} AS t`);
  return rows.map((row) => row.join(' | ')).sort();
}

function shown(cell: string): string {
  return `CASE typeof(${cell}) WHEN 'null' THEN 'null' WHEN 'integer' THEN 'integer ' || ${cell}
    WHEN 'real' THEN 'real ' || printf('%!.20g', ${cell}) || ' ' || CAST(${cell} AS TEXT)
    ELSE typeof(${cell}) || ' ' || CASE WHEN octet_length(${cell})<${SHOWN_BYTES} THEN hex(CAST(${cell} AS BLOB))
      ELSE octet_length(${cell}) || ' bytes ' || hex(substr(CAST(${cell} AS BLOB), 1, 99)) || hex(substr(CAST(${cell} AS BLOB), -99)) END END`;
}

/**
 * Every table, index, view and trigger with its name and SQL. How the name of a table, and that of an index, is quoted in
 * the definition is left aside: SQLite writes it anew when a table is renamed, as a swap does.
 */
export async function definitionsOf(ask: Ask): Promise<string[]> {
  const rows = await ask(
    `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE '\\_overseed%' ESCAPE '\\'
       AND tbl_name NOT LIKE '\\_overseed%' ESCAPE '\\'`,
  );
  return rows
    .map((row) => row.join(' | ').replace(CREATE_TABLE, 'CREATE$1 TABLE …').replace(CREATE_INDEX, '$1… '))
    .sort();
}

/** The rows of all ordinary tables outside the scope, by table. */
export async function outsideOf(ask: Ask, scope: readonly string[]): Promise<Record<string, string[]>> {
  const inside = new Set(scope.map(foldName));
  const names = await ask(
    `SELECT s.name FROM sqlite_schema AS s JOIN pragma_table_list AS l ON l.name=s.name AND l.schema='main'
     WHERE s.type='table' AND l.type='table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND s.name NOT LIKE 'libsql\\_%' ESCAPE '\\'
       AND s.name NOT LIKE '\\_overseed\\_%' ESCAPE '\\' AND s.name NOT LIKE '%\\_shadow' ESCAPE '\\'`,
  );
  const content: Record<string, string[]> = {};
  for (const [name] of names)
    if (!inside.has(foldName(String(name)))) content[String(name)] = await contentOf(ask, String(name));
  return content;
}
