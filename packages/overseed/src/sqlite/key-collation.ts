import type { Table } from '../model/schema.ts';
import { quoteName } from '../util/sql.ts';
import { LocalDatabase } from './local-database.ts';
import { replaySchema } from './replay-schema.ts';

/**
 * Whether the index behind the key compares otherwise than the key's columns do: `(name TEXT COLLATE NOCASE, PRIMARY KEY
 * (name COLLATE BINARY))` holds `a` and `A`, which a condition on the column takes for one.
 */
export function hasForeignCollation(table: Table): boolean {
  const { keyIndex } = table;
  if (keyIndex === undefined || !/\bCOLLATE\b/i.test(table.sql)) return false;
  using database = new LocalDatabase(':memory:');
  replaySchema(database, [table], 'none');
  // An index that does not say how it compares does it as its columns do.
  database.exec(
    `CREATE INDEX "_overseed_key" ON ${quoteName(table.name)} (${table.key.map(quoteName).join(', ')})`,
  );
  const collations = database.rows("SELECT name, coll FROM pragma_index_xinfo('_overseed_key') WHERE key");
  return collations.some(([name, collation]) => {
    const position = keyIndex.columns.indexOf(String(name));
    return position >= 0 && keyIndex.collations[position]?.toUpperCase() !== String(collation).toUpperCase();
  });
}
