/**
 * Stand-ins. Names of indexes are unique in a database, and SQLite cannot rename an index. So that the indexes of a table
 * can be built aside under their own names, those of the live table are replaced by equal ones under other names for a
 * while. A run that dies may leave them; whoever reads the schema sees them as what they stand for, and the next run
 * gives the names back.
 */
import { aroundName } from '../sqlite/stored-sql.ts';
import { quoteName } from '../util/sql.ts';

const STAND_IN_PREFIX = '_overseed_stand_in_';

export function standInFor(index: string): string {
  return STAND_IN_PREFIX + index;
}

/** The index that `name` stands in for; undefined when it stands for itself. */
export function originalOf(name: string): string | undefined {
  return name.startsWith(STAND_IN_PREFIX) ? name.slice(STAND_IN_PREFIX.length) : undefined;
}

/** A stored `CREATE INDEX` with another name. */
export function underName(sql: string, name: string): string {
  const { before, after } = aroundName(sql);
  return `${before}${quoteName(name)}${after}`;
}
