/** What the default export of a seed module may be, and the tables it means. */
import { OverseedError } from '../model/error.ts';
import { type Rows, rows, type SeedTable } from './seed.ts';

/** What a seed is told about the run. */
export interface SeedContext {
  /** Name of the target, as in the configuration. */
  readonly target: string;
}

/** Rows by the name of their table. */
export type PlainTables<Tables extends object> = {
  readonly [Name in keyof Tables]: Rows<Tables[Name]>;
};

type SeedTables<Tables extends object> = readonly SeedTable[] | PlainTables<Tables>;

/** A list made with `rows(…)`, an object of rows by table, or a function that returns one of them. */
export type SeedExport<Tables extends object> =
  | SeedTables<Tables>
  | ((context: SeedContext) => SeedTables<Tables> | Promise<SeedTables<Tables>>);

/**
 * Gives the default export of a seed module its types; returns it as it is. With plain tables, name the types of their
 * rows: `defineSource<{ posts: Post; tags: Tag }>({ posts: […], tags: function* () { … } })`.
 */
export function defineSource<Tables extends object = Record<string, Record<string, unknown>>>(
  source: SeedExport<Tables>,
): SeedExport<Tables> {
  return source;
}

/** @throws SOURCE_INVALID when `exported` is none of what a seed may export */
export async function readSeedModule(
  module: Readonly<Record<string, unknown>>,
  label: string,
  context: SeedContext,
): Promise<readonly SeedTable[]> {
  const exported = module.default;
  if (typeof exported !== 'function') return toTables(exported, label);
  if ('verify' in exported) {
    throw wrong(
      `${label} exports what \`astro db execute\` runs, not rows`,
      'Push with `astro db execute`, or export rows: `export default defineSource([rows(table, […])])`.',
    );
  }
  return toTables(await exported(context), label);
}

function toTables(exported: unknown, label: string): readonly SeedTable[] {
  if (typeof exported !== 'object' || exported === null)
    throw wrong(`${label} has no default export with rows`, USAGE);
  if (!Array.isArray(exported)) {
    return Object.entries(exported).map(([table, value]: [string, unknown]) => {
      if (isRows(value)) return rows(table, value);
      throw wrong(
        `${label} has no rows for ${table}: it is neither a list, nor a function that makes one`,
        USAGE,
      );
    });
  }
  for (const [index, entry] of exported.entries()) {
    const isTable = typeof entry === 'object' && entry !== null && 'table' in entry && isRows(entry.rows);
    if (!isTable)
      throw wrong(`${label}: entry ${index + 1} of its default export was not made with rows(…)`, USAGE);
  }
  return exported as readonly SeedTable[];
}

const USAGE = 'Write `export default defineSource([rows(table, […])])`, or an object with rows by table.';

function isRows(value: unknown): value is Rows<Record<string, unknown>> {
  if (typeof value === 'function') return true;
  return (
    typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
  );
}

function wrong(what: string, next: string): OverseedError {
  return new OverseedError('SOURCE_INVALID', { what: `${what}.`, state: 'not-contacted', next });
}
