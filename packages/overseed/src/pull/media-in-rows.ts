/** Which media the rows of a copy have: the path that names each, and the URL where it answers. */
import type { AssetColumns, AssetDeclaration } from '../model/asset-columns.ts';
import type { SqlValue } from '../model/value.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { foldName } from '../util/fold-name.ts';
import { quoteName } from '../util/sql.ts';

export interface MediaInRows {
  /** As the row says it. */
  readonly path: string;
  readonly url: string;
}

/**
 * Each pair once. A cell holds one of each, or as many of both in JSON arrays; what does not fit together is left out.
 * @param tables folded names of those that there are
 */
export function* mediaInRows(
  database: LocalDatabase,
  tables: ReadonlySet<string>,
  columns: Readonly<Record<string, AssetColumns>>,
): Generator<MediaInRows> {
  for (const [table, declarations] of Object.entries(columns)) {
    if (!tables.has(foldName(table))) continue;
    for (const declaration of declarations) yield* pairsIn(database, table, declaration);
  }
}

function* pairsIn(
  database: LocalDatabase,
  table: string,
  { path, url }: AssetDeclaration,
): Generator<MediaInRows> {
  const names = [quoteName(path), quoteName(url)];
  const distinct = `(SELECT DISTINCT ${names.join(', ')} FROM ${quoteName(table)} WHERE ${names.join(' IS NOT NULL AND ')} IS NOT NULL)`;
  for (const [paths, urls] of database.exactRows(names, `FROM ${distinct}`)) {
    const [left, right] = [listIn(paths), listIn(urls)];
    for (const [index, one] of left.entries()) {
      const other = right[index];
      if (other !== undefined) yield { path: one, url: other };
    }
  }
}

function listIn(cell: SqlValue | undefined): string[] {
  if (typeof cell !== 'string') return [];
  if (!cell.startsWith('[')) return [cell];
  try {
    const list: unknown = JSON.parse(cell);
    if (Array.isArray(list)) return list.map(String);
  } catch {
    // A name that begins with a bracket.
  }
  return [cell];
}
