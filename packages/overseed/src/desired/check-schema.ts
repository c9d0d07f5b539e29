/** Does the target have what the source declares? Asked once, before any row, with all differences at once. */
import { OverseedError } from '../model/error.ts';
import type { Table } from '../model/schema.ts';
import type { Source, SourceTable } from '../source/source.ts';

/**
 * The tables of the scope, in the source's order.
 * @throws SCHEMA_MISSING naming every missing table and column
 */
export function checkSchema(
  source: Source,
  schema: ReadonlyMap<string, Table>,
  label: string,
  howToMigrate: string,
): Table[] {
  const tables: Table[] = [];
  const differences: string[] = [];
  for (const sourceTable of source.tables) {
    const table = schema.get(sourceTable.name);
    if (!table) differences.push(`  ${sourceTable.name}: there is no such table`);
    else {
      tables.push(table);
      differences.push(...columnDifferences(sourceTable, table).map((text) => `  ${text}`));
    }
  }
  if (differences.length > 0) {
    throw new OverseedError('SCHEMA_MISSING', {
      what: `The schema of ${label} is not the one that ${source.label} is written for:\n${differences.join('\n')}`,
      state: 'old',
      next: `${howToMigrate}, then run this again.`,
    });
  }
  return tables;
}

function columnDifferences(source: SourceTable, table: Table): string[] {
  if (!source.columns) return [];
  const differences: string[] = [];
  const declared = new Map(source.columns.map((column) => [column.name.toLowerCase(), column]));
  const existing = new Map(table.columns.map((column) => [column.name.toLowerCase(), column]));
  for (const column of source.columns) {
    const found = existing.get(column.name.toLowerCase());
    if (!found) differences.push(`${table.name}.${column.name}: there is no such column`);
    else if (affinity(found.type) !== affinity(column.type)) {
      differences.push(
        `${table.name}.${column.name}: is ${found.type || 'untyped'} there, ${column.type} in the source`,
      );
    }
  }
  for (const column of table.columns) {
    const needed =
      column.notNull && column.default === null && !column.generated && !table.key.includes(column.name);
    if (needed && !declared.has(column.name.toLowerCase())) {
      differences.push(`${table.name}.${column.name}: is required there, and the source does not know it`);
    }
  }
  return differences;
}

/** SQLite's five column affinities (sqlite.org/datatype3.html, section 3.1). */
function affinity(type: string): string {
  const upper = type.toUpperCase();
  if (upper.includes('INT')) return 'INTEGER';
  if (/CHAR|CLOB|TEXT/.test(upper)) return 'TEXT';
  if (upper === '' || upper.includes('BLOB')) return 'BLOB';
  if (/REAL|FLOA|DOUB/.test(upper)) return 'REAL';
  return 'NUMERIC';
}
