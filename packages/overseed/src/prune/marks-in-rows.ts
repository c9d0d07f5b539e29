/** Which assets the rows of a target mention. All of its tables are looked at, also those that no push touches. */
import { marksIn } from '../assets/content-mark.ts';
import type { Run } from '../model/run.ts';
import { type Schema, storedColumns } from '../model/schema.ts';
import { pullTarget } from '../pull/pull-target.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { ask, type Target } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';
import { marksInFile } from './marks.ts';

/** Rows of a full text index that are asked for at once. */
const HIDDEN_ROWS = 500;

/**
 * @param file scratch file for what is pulled
 * @returns how many rows were looked at
 */
export async function marksInRows(
  target: Target,
  schema: Schema,
  file: string,
  take: (marks: Iterable<string>) => void,
  run: Run,
): Promise<number> {
  const tables = [...schema.tables.values()];
  const actual = await pullTarget(target, tables, file, run);
  const plain = tables.map((table) => ({
    name: table.name,
    columns: storedColumns(table).map(({ name }) => name),
  }));
  using database = new LocalDatabase(actual.file);
  take(marksInFile(database, plain));
  for (const table of textTablesOf(schema)) await takeHidden(target, table, take, run);
  return actual.rowCount;
}

/** Where full text indexes keep the text that is nowhere else. */
function textTablesOf({ otherThings, virtualTables }: Schema): string[] {
  return virtualTables
    .filter(({ module }) => /^fts[345]$/.test(module))
    .map(({ name }) => `${name}_content`)
    .filter((name) => otherThings.has(name.toLowerCase()));
}

async function takeHidden(
  target: Target,
  table: string,
  take: (marks: Iterable<string>) => void,
  run: Run,
): Promise<void> {
  const [columns = []] = await ask(
    target,
    [{ sql: 'SELECT name FROM pragma_table_info(?)', args: [table] }],
    run.signal,
  );
  const cells = columns.map(([name]) => `CAST(${quoteName(String(name))} AS BLOB)`).join(', ');
  for (let after = -(2n ** 63n); ; ) {
    const sql = `SELECT rowid, ${cells} FROM ${quoteName(table)} WHERE rowid>? ORDER BY rowid LIMIT ${HIDDEN_ROWS}`;
    const [rows = []] = await ask(target, [{ sql, args: [after] }], run.signal);
    for (const row of rows) {
      for (const cell of row) {
        if (cell instanceof Uint8Array) take(marksIn(Buffer.from(cell).toString('latin1')));
      }
    }
    const last = rows.at(-1)?.[0];
    if (rows.length < HIDDEN_ROWS || typeof last !== 'bigint') return;
    after = last;
  }
}
