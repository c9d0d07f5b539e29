/** Does the target have what the source declares? Asked once, before any row, with all differences at once. */
import { OverseedError } from '../model/error.ts';
import { affinityOf, findTable, type Schema, storedColumns, type Table } from '../model/schema.ts';
import type { Source, SourceTable } from '../source/source.ts';
import { foldName } from '../util/fold-name.ts';
import { guessColumn, guessTable } from './guess-rename.ts';

/** A row is read in one go, with a check of each cell beside it, and SQLite's results have at most 2,000 columns. */
const MOST_COLUMNS = 900;

/**
 * The tables of the scope, in the source's order.
 * @throws SCHEMA_MISSING naming every missing table and column
 * @throws SCHEMA_UNSUPPORTED naming every table that rows cannot be pushed into
 */
export function checkSchema(source: Source, schema: Schema, label: string, howToMigrate: string): Table[] {
  const tables: Table[] = [];
  const differences: string[] = [];
  const unsupported: string[] = [];
  const seen = new Set<string>();
  for (const sourceTable of source.tables) {
    const { name } = sourceTable;
    const table = findTable(schema, name);
    const other = schema.otherThings.get(foldName(name));
    if (seen.has(foldName(name))) differences.push(`  ${name}: is named twice in the source`);
    else if (table) {
      tables.push(table);
      differences.push(...columnDifferences(sourceTable, table, source).map((text) => `  ${text}`));
      if (table.columns.length > MOST_COLUMNS)
        unsupported.push(`  ${name}: has ${table.columns.length} columns, and ${MOST_COLUMNS} is the most`);
    } else if (other !== undefined) unsupported.push(`  ${name}: is ${other}`);
    else
      differences.push(
        `  ${name}: there is no such table${question(guessTable(sourceTable, source, schema))}`,
      );
    seen.add(foldName(name));
  }
  if (differences.length > 0) {
    throw new OverseedError('SCHEMA_MISSING', {
      what: `The schema of ${label} is not the one that ${source.label} ${source.isBackup ? 'was made with' : 'is written for'}:\n${differences.join('\n')}`,
      state: 'old',
      next: `${howToMigrate}, then run this again.`,
    });
  }
  if (unsupported.length > 0) {
    throw new OverseedError('SCHEMA_UNSUPPORTED', {
      what: `${source.label} names what Overseed cannot push rows into on ${label}:\n${unsupported.join('\n')}`,
      state: 'old',
      next: 'Push the ordinary tables behind it, and leave this out of the source.',
    });
  }
  return tables;
}

/**
 * The tables outside the source that may follow it.
 * @throws SCHEMA_MISSING naming those that are not there
 */
export function checkFollowers(
  names: readonly string[],
  scope: readonly Table[],
  schema: Schema,
  label: string,
): Table[] {
  const inScope = new Set(scope.map(({ name }) => foldName(name)));
  const wanted = [...new Set(names.map(foldName))].filter((name) => !inScope.has(name));
  const missing = wanted.filter((name) => !schema.tables.has(name));
  if (missing.length > 0) {
    throw new OverseedError('SCHEMA_MISSING', {
      what: `${label} has no table ${missing.join(', ')} that rows could cascade into.`,
      state: 'old',
      next: 'Correct the name after --allow-cascade, then run this again.',
    });
  }
  return wanted.flatMap((name) => schema.tables.get(name) ?? []);
}

function columnDifferences(source: SourceTable, table: Table, { isBackup = false }: Source): string[] {
  if (!source.columns) return [];
  const differences: string[] = [];
  const declared = new Set(source.columns.map(({ name }) => foldName(name)));
  const existing = new Map(table.columns.map((column) => [foldName(column.name), column]));
  for (const [index, column] of source.columns.entries()) {
    const found = existing.get(foldName(column.name));
    const where = `${table.name}.${column.name}`;
    if (!found) {
      differences.push(`${where}: there is no such column${question(guessColumn(source, index, table))}`);
    } else if (isBackup && found.generated !== undefined)
      differences.push(`${where}: is computed there, and its values are in the source`);
    else if (affinityOf(found.type) !== affinityOf(column.type)) {
      differences.push(
        `${where}: is ${found.type || 'untyped'} there, ${column.type || 'untyped'} in the source`,
      );
    }
  }
  for (const column of storedColumns(table)) {
    const needed = column.notNull && column.default === null && !table.key.includes(column.name);
    if (needed && !declared.has(foldName(column.name))) {
      differences.push(`${table.name}.${column.name}: is required there, and the source does not know it`);
    }
  }
  return differences;
}

function question(name: string | undefined): string {
  return name === undefined ? '' : ` (is it called ${name} now?)`;
}
