/** What kind of project a folder holds, as far as its files tell. Nothing is run. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';

export interface Project {
  readonly kind: 'astro-db' | 'drizzle' | 'sqlite' | 'data' | 'unknown';
  /** Whether a configuration may be TypeScript. */
  readonly isTypeScript: boolean;
  /** Whether a `.js` file is an ES module. */
  readonly isModule: boolean;
  /** SQLite files that hold something, relative to the project. */
  readonly databases: readonly string[];
  /** Folder with `.csv`, `.ndjson` and the like. */
  readonly dataFolder?: string | undefined;
  /** The module with Drizzle's tables. */
  readonly schema?: string | undefined;
}

const SCRIPT = ['ts', 'mts', 'js', 'mjs'];
/** Where projects keep their database files. */
const DATABASE_FOLDERS = ['.', 'db', 'data', 'database', 'prisma'];
const SCHEMAS = [
  'db/schema',
  'src/db/schema',
  'drizzle/schema',
  'schema',
  'src/schema',
  'src/lib/server/db/schema',
];

export function detectProject(root: string): Project {
  const { dependencies, type } = readPackage(root);
  const databases = findDatabases(root);
  const isDrizzle =
    SCRIPT.some((extension) => existsSync(path.join(root, `drizzle.config.${extension}`))) ||
    existsSync(path.join(root, 'drizzle.config.json')) ||
    dependencies.has('drizzle-orm');
  const isAstroDb =
    dependencies.has('@astrojs/db') &&
    SCRIPT.some((extension) => existsSync(path.join(root, 'db', `config.${extension}`)));
  const dataFolder = findDataFolder(root);
  const common = {
    isTypeScript: existsSync(path.join(root, 'tsconfig.json')) || dependencies.has('typescript'),
    isModule: type === 'module',
    databases,
    dataFolder,
  };
  if (isAstroDb) return { ...common, kind: 'astro-db' };
  if (isDrizzle) return { ...common, kind: 'drizzle', schema: findSchema(root) };
  if (databases.length > 0) return { ...common, kind: 'sqlite' };
  return { ...common, kind: dataFolder === undefined ? 'unknown' : 'data' };
}

function readPackage(root: string): { dependencies: Set<string>; type: unknown } {
  const file = path.join(root, 'package.json');
  if (!existsSync(file)) return { dependencies: new Set(), type: undefined };
  try {
    const { dependencies, devDependencies, type } = JSON.parse(readFileSync(file, 'utf8')) as Record<
      string,
      unknown
    >;
    const names = [dependencies, devDependencies].flatMap((list) => Object.keys(list ?? {}));
    return { dependencies: new Set(names), type };
  } catch {
    // A package.json that cannot be read tells us nothing; whoever uses it will hear about it there.
    return { dependencies: new Set(), type: undefined };
  }
}

function findDatabases(root: string): string[] {
  return DATABASE_FOLDERS.flatMap((folder) =>
    filesIn(path.join(root, folder))
      .filter((name) => /\.(db3?|sqlite3?)$/.test(name))
      .map((name) => path.posix.join(folder, name))
      .filter((file) => isSqlite(path.join(root, file))),
  );
}

/** By its first bytes (sqlite.org/fileformat.html, section 1.3). An empty file holds nothing yet. */
function isSqlite(file: string): boolean {
  const head = Buffer.alloc(16);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  return head.toString('latin1') === 'SQLite format 3\0';
}

function findDataFolder(root: string): string | undefined {
  return ['data', 'db/data', 'seed', 'db/seed'].find((folder) =>
    filesIn(path.join(root, folder)).some((name) => /\.(csv|ndjson|jsonl)$/.test(name)),
  );
}

function findSchema(root: string): string | undefined {
  const config = SCRIPT.map((extension) => path.join(root, `drizzle.config.${extension}`)).find((file) =>
    existsSync(file),
  );
  const named = config && /schema:\s*['"`]([^'"`]+)['"`]/.exec(readFileSync(config, 'utf8'))?.[1];
  const candidates = [
    ...(named ? [named] : []),
    ...SCHEMAS.flatMap((name) => SCRIPT.map((extension) => `${name}.${extension}`)),
  ];
  return candidates
    .map((name) => path.posix.normalize(name))
    .find((name) => filesIn(path.join(root, path.dirname(name))).includes(path.basename(name)));
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}
