import type { AssetColumns } from '../model/asset-columns.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import { quoteName } from '../util/sql.ts';

export interface UrlInRows {
  readonly url: string;
  readonly where: string;
}

/** Each URL in the asset columns once. A cell holds one, or several as a JSON array; other columns are not looked at. */
export function* urlsInRows(
  database: LocalDatabase,
  columns: Readonly<Record<string, AssetColumns>>,
): Generator<UrlInRows> {
  const seen = new Set<string>();
  const declared = Object.entries(columns).flatMap(([table, declarations]) =>
    declarations.map(({ url }) => ({ table, column: url })),
  );
  for (const { table, column } of declared) {
    const cells = database.exactRows(
      ['url'],
      `FROM (SELECT DISTINCT ${quoteName(column)} AS url FROM ${quoteName(table)} WHERE ${quoteName(column)} IS NOT NULL)`,
    );
    for (const [cell] of cells) {
      for (const url of urlsIn(cell)) {
        if (seen.has(url)) continue;
        seen.add(url);
        yield { url, where: `${table}.${column}` };
      }
    }
  }
}

function urlsIn(cell: unknown): string[] {
  if (typeof cell !== 'string') return [String(cell)];
  if (!cell.startsWith('[')) return [cell];
  try {
    const list: unknown = JSON.parse(cell);
    if (Array.isArray(list)) return list.filter((entry) => entry !== null).map(String);
  } catch {
    // Not JSON after all: then it is taken as it stands, and will not answer.
  }
  return [cell];
}
