/** The shape of a database, as far as Overseed needs to know it. Read from the target, never guessed. */

export interface Column {
  readonly name: string;
  /** The declared type, as written; may be empty. */
  readonly type: string;
  readonly notNull: boolean;
  /** SQL text of the default, or null. */
  readonly default: string | null;
  /** Computed by the engine; never written by us. */
  readonly generated: boolean;
}

export interface UniqueIndex {
  readonly name: string;
  /** Plain columns; null where the index holds an expression. */
  readonly columns: readonly (string | null)[];
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Names of the key columns in key order; empty when the table has no primary key. */
  readonly key: readonly string[];
  readonly withoutRowid: boolean;
  /** Unique indexes and constraints apart from the primary key. */
  readonly uniqueIndexes: readonly UniqueIndex[];
  /** `CREATE TABLE …`, as the target stores it. */
  readonly sql: string;
  /** `CREATE INDEX …` of every index that has SQL of its own. */
  readonly indexSql: readonly string[];
  /** `CREATE TRIGGER …` of every trigger on this table, with its name. */
  readonly triggers: readonly { readonly name: string; readonly sql: string }[];
}

/** The columns that hold data: all but the generated ones, in declared order. */
export function storedColumns(table: Table): readonly Column[] {
  return table.columns.filter((column) => !column.generated);
}
