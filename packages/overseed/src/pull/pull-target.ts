/** Copies the scope of a target into a local file, value by value, from one consistent read. */
import type { Run } from '../model/run.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { decodeExact, exactProjection } from '../sqlite/projection.ts';
import { replaySchema } from '../sqlite/replay-schema.ts';
import type { Statement, Target } from '../target/target.ts';
import { placeholders, quoteName } from '../util/sql.ts';

/** What a target held at one moment. */
export interface Actual {
  readonly database: LocalDatabase;
  readonly tables: readonly Table[];
  readonly rowCount: number;
  /** Dangling foreign keys in tables outside the scope: a push must not add to them. */
  readonly foreignViolations: number;
}

/** @param file path of the SQLite file to make */
export async function pullTarget(
  target: Target,
  tables: readonly Table[],
  file: string,
  run: Run,
): Promise<Actual> {
  const database = new LocalDatabase(file);
  try {
    database.exec('PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF');
    replaySchema(database, tables);
    const inserts = tables.map((table) => {
      const columns = storedColumns(table).map(({ name }) => quoteName(name));
      return database.prepare(
        `INSERT INTO ${quoteName(table.name)} (${columns.join(',')}) VALUES ${placeholders(columns.length)}`,
      );
    });
    let rowCount = 0;
    let foreignViolations = 0;
    database.exec('BEGIN');
    const queries = [...tables.map((table) => selectAll(table, target)), foreignViolationCount(tables)];
    for await (const { query, row } of target.read(queries, run.signal)) {
      const insert = inserts[query];
      if (!insert) foreignViolations = Number(row[0]);
      else {
        insert(decodeExact(row as SqlValue[]));
        rowCount++;
      }
    }
    database.exec('COMMIT');
    return { database, tables, rowCount, foreignViolations };
  } catch (error) {
    database.close();
    throw error;
  }
}

function selectAll(table: Table, target: Target): Statement {
  const cells = storedColumns(table).map(({ name }) => quoteName(name));
  return { sql: `SELECT ${exactProjection(cells, target.channel)} FROM ${quoteName(table.name)}` };
}

/** Counts violations whose child is outside the scope. */
function foreignViolationCount(tables: readonly Table[]): Statement {
  return {
    sql: `SELECT count(*) FROM pragma_foreign_key_check WHERE "table" NOT IN ${placeholders(tables.length)}`,
    args: tables.map(({ name }) => name),
  };
}
