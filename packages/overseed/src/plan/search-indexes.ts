/**
 * Full-text indexes over tables of the scope. The triggers that keep them in step do not fire while we apply, so an
 * index that reads its text from such a table (`content=…`) is rebuilt in the same transaction. One that keeps a text
 * of its own, or any other virtual table that triggers fill, cannot be brought into step from outside.
 */
import { OverseedError } from '../model/error.ts';
import type { Schema, Table, VirtualTable } from '../model/schema.ts';
import { isEngineError } from '../sqlite/engine-error.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import { foldName } from '../util/fold-name.ts';
import { areInStep } from './search-triggers.ts';

export interface SearchIndex {
  readonly name: string;
  /** The tables of the scope that it depends on. */
  readonly tables: readonly string[];
  /** How entries are made for single rows; undefined where nothing but a rebuild is sure. */
  readonly entries: SearchEntries | undefined;
}

/** An FTS5 index that has one entry for each row of one table, under its rowid. */
export interface SearchEntries {
  /** `CREATE VIRTUAL TABLE …`, as the target stores it. */
  readonly sql: string;
  /** Those of the table that it reads. */
  readonly columns: readonly string[];
  /** Triggers enter whatever happens to the table, so the index may be taken to be in step. */
  readonly isFed: boolean;
}

/** @throws SCHEMA_UNSUPPORTED naming trigger and virtual table */
export function searchIndexesOf(schema: Schema, scope: readonly Table[], label: string): SearchIndex[] {
  const problems: string[] = [];
  const indexes = schema.virtualTables.map((virtual) => {
    const content = contentOf(virtual);
    const feeding = scope.flatMap((table) =>
      table.triggers
        .filter(({ sql }) => writesTo(sql, virtual.name))
        .map((trigger) => ({ table: table.name, trigger: trigger.name })),
    );
    if (content === undefined)
      for (const { table, trigger } of feeding)
        problems.push(
          `  ${virtual.name} (${virtual.module}) is filled by the trigger ${trigger} on ${table}`,
        );
    const read = scope.find(({ name }) => content !== undefined && foldName(name) === foldName(content));
    const tables = [...new Set([...feeding.map(({ table }) => table), ...(read ? [read.name] : [])])];
    const isOneToOne = read !== undefined && tables.length === 1;
    const entries = isOneToOne ? entriesOf(virtual, read, schema) : undefined;
    return { name: virtual.name, tables, entries };
  });
  if (problems.length > 0) {
    throw new OverseedError('SCHEMA_UNSUPPORTED', {
      what: `On ${label}, virtual tables keep their own copy of rows that a push would change:\n${problems.join('\n')}`,
      state: 'old',
      next: "Make a full-text table read its text from the table (content='…'), or leave the table out of the source.",
    });
  }
  return indexes.filter(({ tables }) => tables.length > 0);
}

/** The table or view that a full-text table reads from; undefined when it keeps its own text, or none. */
function contentOf({ module, sql }: VirtualTable): string | undefined {
  if (!/^fts[345]$/.test(module)) return undefined;
  const name = optionOf(sql, 'content');
  return name === '' ? undefined : name;
}

/** Value of an option, in whichever quotes; undefined when it is not there. */
function optionOf(sql: string, option: 'content' | 'content_rowid'): string | undefined {
  const value = String.raw`(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)"|\x60((?:[^\x60]|\x60\x60)*)\x60|\[([^\]]*)\]|([\w$]+))`;
  const found = new RegExp(String.raw`\b${option}\s*=\s*${value}`, 'iu').exec(withoutComments(sql));
  const [single, double, back, bracket, plain] = found?.slice(1) ?? [];
  return (
    single?.replaceAll("''", "'") ??
    double?.replaceAll('""', '"') ??
    back?.replaceAll('``', '`') ??
    bracket ??
    plain
  );
}

function entriesOf(virtual: VirtualTable, table: Table, { otherThings }: Schema): SearchEntries | undefined {
  const { name, module, sql } = virtual;
  // It counts the entries; an index may be told to do without.
  const hasSizes = otherThings.has(foldName(`${name}_docsize`));
  if (module !== 'fts5' || !hasSizes || !isRowid(optionOf(sql, 'content_rowid') ?? 'rowid', table))
    return undefined;
  const columns = columnsOf(virtual);
  const known = new Set(table.columns.map((column) => foldName(column.name)));
  if (columns === undefined || !columns.every((column) => known.has(foldName(column)))) return undefined;
  const feeding = table.triggers.filter((trigger) => writesTo(trigger.sql, name));
  const isFed = areInStep(
    feeding.map((trigger) => withoutComments(trigger.sql)),
    { name, columns, isRowid: (column) => isRowid(column, table) },
  );
  return { sql, columns, isFed };
}

/** Whether `name` means the rowid of `table`. */
function isRowid(name: string, table: Table): boolean {
  if (rowidName(table) === undefined) return false;
  const folded = foldName(name);
  if (table.columns.some((column) => foldName(column.name) === folded)) {
    const isAlias = table.keyIndex === undefined && table.key.length === 1;
    return isAlias && foldName(table.key[0] as string) === folded;
  }
  return ['rowid', '_rowid_', 'oid'].includes(folded);
}

/** Asked of the engine of this machine; undefined when it does not know what the definition mentions. */
function columnsOf({ name, sql }: VirtualTable): string[] | undefined {
  using database = new LocalDatabase(':memory:');
  try {
    database.exec(sql);
    const columns = database.rows('SELECT name FROM pragma_table_xinfo(?) WHERE hidden=0', [name]);
    return columns.map(([column]) => String(column));
  } catch (error) {
    if (isEngineError(error)) return undefined;
    throw error;
  }
}

/** Does a trigger insert into, update or delete from the table called `name`? */
function writesTo(triggerSql: string, name: string): boolean {
  const quoted = [name, `"${name.replaceAll('"', '""')}"`, `'${name.replaceAll("'", "''")}'`];
  quoted.push(`\`${name.replaceAll('`', '``')}\``, `[${name}]`);
  const anyForm = quoted.map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const verb = String.raw`(?:\binto|\bdelete\s+from|\bupdate(?:\s+or\s+\w+)?)\s*`;
  return new RegExp(`${verb}(?:${anyForm})(?![\\p{L}\\p{N}_$])`, 'iu').test(withoutComments(triggerSql));
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}
