/** What is really stored, byte for byte, read by an independent client: two equal dumps mean two equal states. */
import { createHash } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Client, createClient } from '@libsql/client';

export interface DatabaseAddress {
  readonly url: string;
  readonly token?: string;
}

/** Every table by name with its rows, one text a row, sorted; and every schema object as it was written. */
export interface DatabaseDump {
  readonly schema: readonly string[];
  readonly tables: Readonly<Record<string, readonly string[]>>;
}

export function openDatabase({ url, token }: DatabaseAddress): Client {
  return createClient({ url, ...(token === undefined ? {} : { authToken: token }), intMode: 'bigint' });
}

/** Astro's local database of a site. */
export function localDatabase(siteFolder: string): DatabaseAddress {
  return { url: pathToFileURL(path.join(siteFolder, '.astro', 'content.db')).href };
}

export async function query(address: DatabaseAddress, sql: string): Promise<Record<string, unknown>[]> {
  const client = openDatabase(address);
  try {
    const { columns, rows } = await client.execute(sql);
    return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
  } finally {
    client.close();
  }
}

export async function execute(address: DatabaseAddress, ...statements: string[]): Promise<void> {
  const client = openDatabase(address);
  try {
    await client.batch(statements, 'write');
  } finally {
    client.close();
  }
}

export async function dumpDatabase(address: DatabaseAddress): Promise<DatabaseDump> {
  const client = openDatabase(address);
  try {
    const objects = await client.execute('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name');
    const schema = objects.rows.map(({ type, name, sql }) => `${type} ${name}: ${sql}`);
    const names = objects.rows.filter(({ type }) => type === 'table').map(({ name }) => String(name));
    const tables: Record<string, string[]> = {};
    for (const name of names) tables[name] = await dumpTable(client, name);
    return { schema, tables };
  } finally {
    client.close();
  }
}

/** The dump without the tables in which Overseed keeps its own books. */
export function withoutBooks({ schema, tables }: DatabaseDump): DatabaseDump {
  return {
    schema: schema.filter((line) => !/^\w+ (sqlite_autoindex)?_overseed/.test(line)),
    tables: Object.fromEntries(Object.entries(tables).filter(([name]) => !name.startsWith('_overseed'))),
  };
}

async function dumpTable(client: Client, table: string): Promise<string[]> {
  const columns = await client.execute({ sql: 'SELECT name FROM pragma_table_xinfo(?)', args: [table] });
  const cells = columns.rows.map(({ name }) => cellOf(quote(String(name))));
  const { rows } = await client.execute(`SELECT ${cells.join(" || ' | ' || ")} FROM ${quote(table)}`);
  return rows.map((row) => String(row[0])).sort();
}

/** Type and bytes of a value, as the server sees them; `quote` shows a REAL with all of its digits. */
function cellOf(column: string): string {
  const bytes = `CASE typeof(${column}) WHEN 'real' THEN quote(${column}) ELSE hex(CAST(${column} AS BLOB)) END`;
  return `typeof(${column}) || ':' || coalesce(${bytes}, '')`;
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/**
 * Path and hash of every file in `folder`, but for those whose path starts with one of `except`.
 * @returns one text a file, sorted
 */
export async function dumpFolder(folder: string, except: readonly string[] = []): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => !except.some((prefix) => path.relative(folder, file).startsWith(prefix)));
  const lines = await Promise.all(
    files.map(async (file) => `${path.relative(folder, file)} ${await hashOf(file)}`),
  );
  return lines.sort();
}

async function hashOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch(async (error: NodeJS.ErrnoException) => {
    // A link to a folder, or to nothing: where it points is what it holds.
    if (error.code === 'EISDIR' || error.code === 'ENOENT') return `-> ${await readlink(file)}`;
    throw error;
  });
  return createHash('sha256').update(bytes).digest('hex');
}
