/** Copies the scope of a target into a local file, value by value, from one snapshot. */
import { fenceQuestion, leaseTableQuestion } from '../lease/questions.ts';
import type { Run } from '../model/run.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { replaySchema } from '../sqlite/replay-schema.ts';
import { AnswerTooLarge, type Snapshot, SnapshotLost, type Target } from '../target/target.ts';
import { placeholders, quoteName } from '../util/sql.ts';
import { forgotten } from './forgotten.ts';
import { TablePages } from './table-pages.ts';

/** What a target held at one moment. */
export interface Actual {
  readonly database: LocalDatabase;
  readonly tables: readonly Table[];
  readonly rowCount: number;
  /** Fencing number of the last lease; 0 when there never was one. */
  readonly fence: bigint;
}

const ATTEMPTS = 3;

/** @param file path of the SQLite file to make */
export async function pullTarget(
  target: Target,
  tables: readonly Table[],
  file: string,
  run: Run,
): Promise<Actual> {
  const database = LocalDatabase.scratch(file);
  try {
    replaySchema(database, tables, 'none');
    for (let attempt = 1; ; attempt++) {
      try {
        return { database, tables, ...(await copyTables(target, tables, database, run)) };
      } catch (error) {
        if (!(error instanceof SnapshotLost)) throw error;
        if (attempt === ATTEMPTS) throw forgotten(target.label, attempt, error);
        // Half of one state and half of another is no state: begin again.
        for (const { name } of tables) database.exec(`DELETE FROM ${quoteName(name)}`);
      }
    }
  } catch (error) {
    database.close();
    throw error;
  }
}

async function copyTables(target: Target, tables: readonly Table[], database: LocalDatabase, run: Run) {
  await using snapshot = target.snapshot(run.signal);
  const readers = tables.map((table) => new TablePages(table, target.channel));
  const { firstPages, ...found } = await firstAnswers(snapshot, readers);
  let rowCount = 0;
  for (const [index, table] of tables.entries()) {
    const reader = readers[index];
    if (!reader) continue;
    for await (const rows of reader.pages(snapshot, firstPages?.[index])) {
      insertPage(database, table, rows);
      rowCount += rows.length;
      run.emit({ kind: 'stage-progress', stage: 'pull', done: rowCount, total: undefined, unit: 'rows' });
    }
  }
  return { rowCount, ...found };
}

/** The first page of every table in one round trip; none of them when together they are too large. */
async function firstAnswers(snapshot: Snapshot, readers: readonly TablePages[]) {
  const questions = [leaseTableQuestion];
  const pages = readers.map((reader) => reader.firstQuestion());
  let answers: SqlValue[][][];
  let firstPages: SqlValue[][][] | undefined;
  try {
    answers = await snapshot.query([...questions, ...pages]);
    firstPages = answers.slice(questions.length);
  } catch (error) {
    if (!(error instanceof AnswerTooLarge)) throw error;
    answers = await snapshot.query(questions);
  }
  const [leaseTables] = answers.map((rows) => rows[0]?.[0]);
  const fences = leaseTables === 1n ? await snapshot.query([fenceQuestion]) : [];
  const fence = (fences[0]?.[0]?.[0] as bigint | undefined) ?? 0n;
  return { firstPages, fence };
}

/** Values bound for one statement: a large one is prepared once and saves most calls into the engine. */
const CELLS_A_STATEMENT = 800;

function insertPage(database: LocalDatabase, table: Table, rows: readonly SqlValue[][]): void {
  const columns = storedColumns(table).map(({ name }) => quoteName(name));
  const head = `INSERT INTO ${quoteName(table.name)} (${columns.join(',')}) VALUES `;
  const size = Math.max(1, Math.floor(CELLS_A_STATEMENT / columns.length));
  const group = placeholders(columns.length);
  const whole = rows.length >= size ? database.prepare(head + Array(size).fill(group).join(',')) : undefined;
  const single = database.prepare(head + group);
  database.transaction(() => {
    let position = 0;
    for (; whole && position + size <= rows.length; position += size)
      whole(rows.slice(position, position + size).flat());
    for (; position < rows.length; position++) single(rows[position] as SqlValue[]);
  });
}
