/** Two rows with one key: what they disagree about, such as the picture that each of them means. */
import type { Table } from '../model/schema.ts';
import { storedColumns } from '../model/schema.ts';
import { describeValue, type SqlValue } from '../model/value.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { foldName } from '../util/fold-name.ts';
import { quoteName } from '../util/sql.ts';

/** Differences that are named; the rest are counted. */
const NAMED = 3;

/**
 * Completes "is a duplicate key: an earlier row has it": with what both rows say, where they differ.
 * @param values of the later row; the earlier one is in the database
 */
export function comparedToEarlierRow(
  database: LocalDatabase,
  table: Table,
  values: ReadonlyMap<string, SqlValue>,
): string {
  const given = new Map([...values].map(([name, value]) => [foldName(name), value]));
  const cellOf = (name: string) => given.get(foldName(name)) ?? null;
  const others = storedColumns(table)
    .map(({ name }) => name)
    .filter((name) => given.has(foldName(name)) && !table.key.includes(name));
  if (others.length === 0) return '';
  const where = table.key.map((name) => `${quoteName(name)}=?`).join(' AND ');
  const key = table.key.map(cellOf);
  // The comparison is the engine's: a column's type decides whether '1' and 1 are the same in it.
  const questions = others.map((name) => `${quoteName(name)} IS ?`).join(', ');
  const [same] = database.rows(`SELECT ${questions} FROM ${quoteName(table.name)} WHERE ${where}`, [
    ...others.map(cellOf),
    ...key,
  ]);
  if (!same) return '';
  const different = others.filter((_, index) => same[index] !== 1n);
  if (different.length === 0) return ', with the same values';
  const named = different.slice(0, NAMED);
  const from = `FROM ${quoteName(table.name)} WHERE ${where}`;
  const [earlier = []] = database.exactRows(named.map(quoteName), from, key);
  const texts = named.map(
    (name, index) => `${name} ${describeValue(earlier[index])} there, ${describeValue(cellOf(name))} here`,
  );
  const rest = different.length > NAMED ? `; and ${different.length - NAMED} more` : '';
  return `, and they disagree: ${texts.join('; ')}${rest}`;
}
