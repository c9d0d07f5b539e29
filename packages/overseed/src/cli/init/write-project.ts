/** The files that `init` writes: a configuration, and for Drizzle a module for the rows. */
import path from 'node:path';
import type { Project } from './detect.ts';

export interface NewFile {
  readonly name: string;
  readonly content: string;
}

/** @returns the configuration first */
export function filesFor(project: Project): NewFile[] {
  const { isTypeScript, isModule } = project;
  const name = `overseed.config.${isTypeScript ? 'ts' : isModule ? 'js' : 'mjs'}`;
  const source = sourceOf(project);
  const config = { name, content: configText(source.lines, targetsOf(project)) };
  return source.file ? [config, source.file] : [config];
}

interface SourceText {
  /** The key with its comment. */
  readonly lines: readonly string[];
  readonly file?: NewFile;
}

function sourceOf(project: Project): SourceText {
  const [database] = project.databases;
  switch (project.kind) {
    case 'astro-db':
      return {
        lines: [
          '// The local database, as `astro dev` or `astro db execute db/seed.ts` fills it.',
          "source: '.astro/content.db',",
        ],
      };
    case 'drizzle':
      return database === undefined ? drizzleRows(project) : databaseSource(database);
    case 'sqlite':
      return databaseSource(database ?? 'local.db');
    case 'data':
      return {
        lines: ['// One file a table: .ndjson, .json, .csv or .sql.', `source: '${project.dataFolder}',`],
      };
    case 'unknown':
      return {
        lines: [
          '// A module that exports rows, a SQLite file, a folder of .ndjson, .json, .csv or .sql, or a dump.sql.',
          "source: 'db/rows.mjs',",
        ],
        file: { name: 'db/rows.mjs', content: PLAIN_ROWS },
      };
  }
}

function databaseSource(file: string): SourceText {
  return { lines: ['// What is in this SQLite file is what the targets shall hold.', `source: '${file}',`] };
}

function drizzleRows({ schema, isTypeScript }: Project): SourceText {
  const folder = path.posix.dirname(schema ?? 'db/schema.ts');
  const name = path.posix.join(folder, `rows.${isTypeScript ? 'ts' : 'mjs'}`);
  const schemaModule = `./${path.posix.basename(schema ?? 'schema.ts')}`;
  return {
    lines: ['// The rows of each table, typed by the Drizzle schema.', `source: '${name}',`],
    file: {
      name,
      content: `import { defineSource, rows } from 'overseed';
import * as schema from '${schemaModule}';

/** Tables that are not listed here are never touched. */
export default defineSource([
  // rows(schema.posts, [{ id: 1, title: 'Hello' }]),
]);
`,
    },
  };
}

const PLAIN_ROWS = `import { defineSource } from 'overseed';

/** Rows by table: lists, or functions that make them. Tables that are not listed here are never touched. */
export default defineSource({
  // posts: [{ id: 1, title: 'Hello' }],
});
`;

function targetsOf({ kind, databases }: Project): string[] {
  const isSource = databases.length > 0 || kind === 'astro-db';
  const variables =
    kind === 'astro-db'
      ? 'ASTRO_DB_REMOTE_URL and ASTRO_DB_APP_TOKEN'
      : 'TURSO_DATABASE_URL and TURSO_AUTH_TOKEN';
  return [
    ...(isSource ? [] : ["local: { url: 'file:local.db' },"]),
    `// ${variables}, from the environment or .env.production.`,
    'production: { protected: true },',
  ];
}

function configText(source: readonly string[], targets: readonly string[]): string {
  const indented = (lines: readonly string[], by: string) => lines.map((line) => `${by}${line}\n`).join('');
  return `import { defineConfig } from 'overseed';

export default defineConfig({
${indented(source, '  ')}
  targets: {
${indented(targets, '    ')}  },
});
`;
}
