/** The tables of Astro's local database, when nothing has made them yet. */
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, OverseedError } from '../model/error.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';

/** What we use of `@astrojs/db`: its own reading of `db/config.ts` and its own DDL, so that both are the same. */
interface AstroDbInternals {
  resolveDbConfig(config: {
    root: URL;
    integrations: [];
  }): Promise<{ dbConfig: { tables: Record<string, unknown> } }>;
  getCreateTableQuery(name: string, table: unknown): string;
  getCreateIndexQueries(name: string, table: unknown): string[];
}

/** True when the file holds tables of the site. */
export function hasLocalTables(file: string): boolean {
  if (!existsSync(file)) return false;
  using database = new LocalDatabase(file);
  const names = database
    .rows("SELECT name FROM sqlite_schema WHERE type='table'")
    .map(([name]) => String(name));
  return names.some((name) => !name.startsWith('sqlite_') && !name.startsWith('_'));
}

/**
 * `astro dev` and `astro build` create the local tables, `astro db execute` does not. A first
 * `astro db execute db/seed.ts` in a fresh clone shall work all the same.
 * @throws SCHEMA_MISSING when the site's `@astrojs/db` cannot tell us its tables
 */
export async function createLocalTables(root: string, file: string): Promise<void> {
  mkdirSync(path.dirname(file), { recursive: true });
  using database = new LocalDatabase(file);
  const statements: string[] = [];
  try {
    const astroDb = await importAstroDb(root);
    const { dbConfig } = await astroDb.resolveDbConfig({ root: pathToFileURL(`${root}/`), integrations: [] });
    for (const [name, table] of Object.entries(dbConfig.tables)) {
      statements.push(
        astroDb.getCreateTableQuery(name, table),
        ...astroDb.getCreateIndexQueries(name, table),
      );
    }
  } catch (cause) {
    throw new OverseedError('SCHEMA_MISSING', {
      what: `The local database has no tables yet, and they could not be read from db/config.ts: ${messageOf(cause)}.`,
      state: 'old',
      next: 'Run `astro build` once, which creates them.',
      cause,
    });
  }
  database.transaction(() => {
    for (const statement of statements) database.exec(statement);
  });
}

async function importAstroDb(root: string): Promise<AstroDbInternals> {
  const home = path.dirname(
    createRequire(path.join(root, 'package.json')).resolve('@astrojs/db/package.json'),
  );
  const load = (file: string) =>
    import(/* @vite-ignore */ pathToFileURL(path.join(home, 'dist', 'core', file)).href) as Promise<unknown>;
  const [config, queries] = await Promise.all([load('load-file.js'), load('queries.js')]);
  return { ...(config as object), ...(queries as object) } as AstroDbInternals;
}
