/** The shape of a database, as far as Overseed needs to know it. Read from the target, never guessed. */
import { foldName } from '../util/fold-name.ts';

export interface Column {
  readonly name: string;
  /** The declared type, as written; may be empty. */
  readonly type: string;
  readonly notNull: boolean;
  /** SQL text of the default, or null. */
  readonly default: string | null;
  /** Computed by the engine, never written by us: when it is read, or when its row is stored. */
  readonly generated: 'virtual' | 'stored' | undefined;
}

export interface UniqueIndex {
  readonly name: string;
  /** Plain columns; null where the index holds an expression. */
  readonly columns: readonly (string | null)[];
  /** One collation a column. */
  readonly collations: readonly string[];
  /** It has a WHERE clause, which may mention any column. */
  readonly partial: boolean;
}

export type ForeignKeyAction = 'NO ACTION' | 'RESTRICT' | 'CASCADE' | 'SET NULL' | 'SET DEFAULT';

export interface ForeignKey {
  /** As written in the child; the parent may be spelled in another case, or not exist. */
  readonly parent: string;
  readonly columns: readonly string[];
  /** Columns of the parent; empty means its primary key. */
  readonly parentColumns: readonly string[];
  readonly onUpdate: ForeignKeyAction;
  readonly onDelete: ForeignKeyAction;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Names of the key columns in key order; empty when the table has no primary key. */
  readonly key: readonly string[];
  /** The index behind the key; undefined when the key is the rowid itself, or there is none. */
  readonly keyIndex: UniqueIndex | undefined;
  readonly withoutRowid: boolean;
  /** Unique indexes and constraints apart from the primary key. */
  readonly uniqueIndexes: readonly UniqueIndex[];
  readonly foreignKeys: readonly ForeignKey[];
  /** `CREATE TABLE …`, as the target stores it. */
  readonly sql: string;
  /** `CREATE INDEX …` of every index that has SQL of its own, with its name. */
  readonly indexes: readonly { readonly name: string; readonly sql: string }[];
  /** `CREATE TRIGGER …` of every trigger on this table, with its name. */
  readonly triggers: readonly { readonly name: string; readonly sql: string }[];
}

export interface VirtualTable {
  readonly name: string;
  /** `fts5`, `rtree` and so on, in lower case. */
  readonly module: string;
  /** `CREATE VIRTUAL TABLE …` */
  readonly sql: string;
}

export interface Schema {
  /** By folded name; use {@link findTable}. */
  readonly tables: ReadonlyMap<string, Table>;
  readonly virtualTables: readonly VirtualTable[];
  /** What else has a name that a table could have, by folded name: `a view`, for example. */
  readonly otherThings: ReadonlyMap<string, string>;
  /** Names of tables, indexes and triggers of our own: `_overseed_…`. */
  readonly ownThings: readonly string[];
}

export function findTable(schema: Pick<Schema, 'tables'>, name: string): Table | undefined {
  return schema.tables.get(foldName(name));
}

/** The columns that hold data: all but the generated ones, in declared order. */
export function storedColumns(table: Table): readonly Column[] {
  return table.columns.filter((column) => !column.generated);
}

/** An old SQLite mistake that became a promise: the key of an ordinary table may be NULL, more than once. */
export function keyMayBeNull(table: Table): boolean {
  if (table.withoutRowid || table.keyIndex === undefined) return false;
  const required = new Set(table.columns.filter(({ notNull }) => notNull).map(({ name }) => name));
  return table.key.some((name) => !required.has(name));
}

/** The columns of `parent` that `foreignKey` points to. */
export function referencedColumns(foreignKey: ForeignKey, parent: Table): readonly string[] {
  return foreignKey.parentColumns.length > 0 ? foreignKey.parentColumns : parent.key;
}

export type Affinity = 'INTEGER' | 'TEXT' | 'BLOB' | 'REAL' | 'NUMERIC';

/** SQLite's rule from declared type to affinity (sqlite.org/datatype3.html, section 3.1). */
export function affinityOf(type: string): Affinity {
  const upper = type.toUpperCase();
  if (upper.includes('INT')) return 'INTEGER';
  if (/CHAR|CLOB|TEXT/.test(upper)) return 'TEXT';
  if (upper === '' || upper.includes('BLOB')) return 'BLOB';
  if (/REAL|FLOA|DOUB/.test(upper)) return 'REAL';
  return 'NUMERIC';
}
