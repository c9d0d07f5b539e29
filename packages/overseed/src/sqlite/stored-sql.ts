/**
 * Definitions as SQLite stores them: what was written, but for the first words, which it normalises, and without schema
 * name and IF NOT EXISTS. After a rename the name is quoted.
 */

const HEAD = /^CREATE\s+(?:TABLE|VIRTUAL\s+TABLE|INDEX|UNIQUE\s+INDEX)\s+/i;
/** A comment may follow a bare name without a space. */
const NAME = /^(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'|(?:(?!\/\*|--)[^\s("`['])+)/;

/**
 * What stands before the name of a stored `CREATE TABLE`, `CREATE VIRTUAL TABLE` or `CREATE INDEX`, and what stands after it.
 * @throws Error when it does not begin as every stored one does
 */
export function aroundName(sql: string): { before: string; after: string } {
  const before = HEAD.exec(sql)?.[0];
  if (before === undefined) throw new Error('neither a CREATE TABLE nor a CREATE INDEX statement');
  const name = NAME.exec(sql.slice(before.length))?.[0];
  if (name === undefined) throw new Error('a CREATE statement without a name');
  return { before, after: sql.slice(before.length + name.length) };
}

/** The same statement, for a server that may have run it already. */
export function ifNotExists(sql: string): string {
  const { before } = aroundName(sql);
  return `${before}IF NOT EXISTS ${sql.slice(before.length)}`;
}
