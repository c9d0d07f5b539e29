/** SQL over HTTP without a client library: enough to fill a database and to look into it. */

type Value = string | number | null;

interface Statement {
  readonly sql: string;
  readonly args: readonly Value[];
}

interface WireValue {
  readonly type: 'null' | 'integer' | 'float' | 'text' | 'blob';
  readonly value?: string | number;
}

interface PipelineAnswer {
  readonly results: readonly (
    | {
        readonly type: 'ok';
        readonly response: {
          readonly result?: {
            readonly cols: readonly { readonly name: string }[];
            readonly rows: readonly WireValue[][];
          };
        };
      }
    | { readonly type: 'error'; readonly error: { readonly message: string } }
  )[];
}

export interface RemoteDatabase {
  readonly url: string;
  readonly token: string;
}

/** The note's closing query: what the site consists of. */
export const CLOSING_QUERY = `SELECT
  (SELECT COUNT(*) FROM Categories) AS categories,
  (SELECT COUNT(*) FROM Properties) AS properties,
  (SELECT COUNT(*) FROM PropertiesImages) AS images,
  (SELECT COUNT(*) FROM PropertiesImages WHERE isMigrated = 1) AS cloudinary_images`;

const SITE_TABLES = ['Categories', 'Properties', 'PropertiesImages', 'PropertyCategories'];

/** @returns the rows of the query, by column name; integers as numbers */
export async function query(database: RemoteDatabase, sql: string): Promise<Record<string, unknown>[]> {
  const [first] = (await send(database, [{ sql, args: [] }])).results;
  if (first?.type !== 'ok' || !first.response.result) throw new Error(`No result for: ${sql}`);
  const { cols, rows } = first.response.result;
  return rows.map((row) =>
    Object.fromEntries(row.map((value, index) => [cols[index]?.name ?? '', plain(value)])),
  );
}

/** Inserts all rows in one transaction: all or nothing. */
export async function insertRows(
  database: RemoteDatabase,
  tables: Readonly<Record<string, readonly Readonly<Record<string, Value>>[]>>,
): Promise<void> {
  const inserts = Object.entries(tables).flatMap(([table, rows]) => rows.map((row) => insert(table, row)));
  await send(database, [{ sql: 'BEGIN IMMEDIATE', args: [] }, ...inserts, { sql: 'COMMIT', args: [] }]);
}

/** Every value of every row of the site's tables, as one text: equal texts mean equal databases. */
export async function dump(database: RemoteDatabase): Promise<string> {
  const tables: unknown[] = [];
  for (const table of SITE_TABLES) tables.push(await query(database, `SELECT * FROM "${table}" ORDER BY id`));
  return JSON.stringify(tables);
}

function insert(table: string, row: Readonly<Record<string, Value>>): Statement {
  const columns = Object.keys(row).map((column) => `"${column}"`);
  const places = columns.map(() => '?');
  return {
    sql: `INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    args: Object.values(row),
  };
}

/** @throws Error with the server's own words when a statement fails; the server rolls an open transaction back */
async function send(
  { url, token }: RemoteDatabase,
  statements: readonly Statement[],
): Promise<PipelineAnswer> {
  const requests = statements.map(({ sql, args }) => ({
    type: 'execute',
    stmt: { sql, args: args.map(wire) },
  }));
  const response = await fetch(new URL('/v2/pipeline', url.replace(/^libsql:/, 'http:')), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ requests: [...requests, { type: 'close' }] }),
  });
  if (!response.ok) throw new Error(`The database answered ${response.status}: ${await response.text()}`);
  const answer = (await response.json()) as PipelineAnswer;
  const failed = answer.results.find((result) => result.type === 'error');
  if (failed) throw new Error(`The database refused a statement: ${failed.error.message}`);
  return answer;
}

function wire(value: Value): WireValue {
  if (value === null) return { type: 'null' };
  if (typeof value === 'string') return { type: 'text', value };
  return Number.isInteger(value) ? { type: 'integer', value: String(value) } : { type: 'float', value };
}

function plain({ type, value }: WireValue): unknown {
  if (type === 'null') return null;
  return type === 'integer' ? Number(value) : value;
}
