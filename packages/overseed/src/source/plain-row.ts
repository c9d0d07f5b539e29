/** Plain objects of a seed module → rows, by the columns of the target. */
import type { Table } from '../model/schema.ts';
import type { SourceRow } from './source.ts';
import { fromJavaScript } from './values/from-javascript.ts';
import { columnFinder, RowBuilder } from './values/map-row.ts';

export function plainRowMapper(table: Table): (row: Record<string, unknown>) => SourceRow {
  const find = columnFinder(table);
  return (row) => {
    const builder = new RowBuilder();
    for (const key of Object.keys(row)) {
      const given = row[key];
      // What is not given gets the column's default, as it does with Drizzle.
      if (given === undefined) continue;
      const { name, kind } = find(key);
      builder.add(name, fromJavaScript(given, kind), given);
    }
    return builder.finish({ view: row });
  };
}
