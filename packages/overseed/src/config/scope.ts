/** Which tables a project owns with Overseed, by names and patterns. */
import { foldName } from '../util/fold-name.ts';

export interface Scope {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Tables in which tools remember what they have done to a database. They are true of that one database only. */
const BOOKKEEPING = [
  '__drizzle_migrations',
  '_prisma_migrations',
  '_astro_db_snapshot',
  'd1_migrations',
  '_cf_*',
  'kysely_migration*',
  'knex_migrations*',
  'mikro_orm_migrations',
  'typeorm_metadata',
  'sequelizemeta',
  'schema_migrations',
  'goose_db_version',
  'atlas_schema_revisions',
  '_litestream_*',
];

/** Whether `table` is in `scope`. Bookkeeping of other tools is only when it is named without a pattern. */
export function isInScope({ include, exclude }: Scope, table: string): boolean {
  const matches = (pattern: string) => toExpression(pattern).test(foldName(table));
  if (!include.some(matches) || exclude.some(matches)) return false;
  return !BOOKKEEPING.some(matches) || include.some((name) => foldName(name) === foldName(table));
}

/** What `include` asks for and no table is: most likely mistyped. `*` alone asks for nothing. */
export function unmatched({ include }: Scope, tables: readonly string[]): string[] {
  const names = tables.map(foldName);
  return include.filter(
    (pattern) => pattern !== '*' && !names.some((name) => toExpression(pattern).test(name)),
  );
}

/** `*` stands for any characters, `?` for one; every other character for itself. Like SQLite, `A` is `a`. */
function toExpression(pattern: string): RegExp {
  const source = [...foldName(pattern)]
    .map((character) => {
      if (character === '*') return '.*';
      return character === '?' ? '.' : character.replace(/[\\^$.|+()[\]{}]/, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`, 'su');
}
