/**
 * Fills staging tables. Rows travel packed, thousands in one text parameter, in short commits far below the server's
 * window; rows that JSON cannot carry exactly follow as typed parameters. One request is under way at a time while
 * the next is being packed, so that after a lost answer a count tells whether it arrived.
 */
import { OverseedError } from '../model/error.ts';
import { type ApplyStrategy, isSwap } from '../model/plan.ts';
import type { Run } from '../model/run.ts';
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { type Comparison, changesTable, sameKeyAsChange } from '../plan/comparison.ts';
import { openApart, SMALL_ROWS } from '../sqlite/apart.ts';
import { bindRows } from '../sqlite/bind.ts';
import { unpackedCells } from '../sqlite/packed-rows.ts';
import { AnswerLost, type Statement, type Target } from '../target/target.ts';
import { writeAgain } from '../target/write-again.ts';
import { quoteName } from '../util/sql.ts';
import { backoffMs, wait } from '../util/wait.ts';
import type { Pack, RowPacksInput } from './row-packs.ts';
import * as rowPacks from './row-packs.ts';
import { createSuccessor, deltaStagingSql, stagingName } from './staging-table.ts';

const ATTEMPTS = 6;

/**
 * The rows of a pack, each parsed once: looking up one cell after the other in its text takes twice as long. The LIMIT
 * keeps SQLite from putting `jsonb(value)` into every lookup.
 */
const PARSED_ROWS = '(SELECT jsonb(value) AS cells FROM json_each(?) LIMIT -1 OFFSET 0)';

interface Load extends Omit<RowPacksInput, 'files'> {
  readonly name: string;
  readonly create: readonly Statement[];
}

/** @returns number of rows staged */
export async function stageRows(
  target: Target,
  comparison: Comparison,
  tables: readonly Table[],
  strategy: ApplyStrategy,
  run: Run,
): Promise<number> {
  const loads = tables.flatMap((table, index) => loadsOf(comparison, table, index, strategy, run));
  const total = loads.reduce((sum, load) => sum + load.expected, 0);
  let done = 0;
  for (const load of loads) {
    await new Stager(target, load, run).fill(comparison, (rows) => {
      done += rows;
      run.emit({ kind: 'stage-progress', stage: 'stage', done, total, unit: 'rows' });
    });
  }
  return done;
}

function loadsOf(
  comparison: Comparison,
  table: Table,
  index: number,
  { tables }: ApplyStrategy,
  run: Run,
): Load[] {
  const plan = comparison.tables[index];
  const name = stagingName(run.id, index);
  const live = quoteName(table.name);
  const order =
    table.key.length > 0 ? `ORDER BY ${table.key.map((key) => `r.${quoteName(key)}`).join(', ')}` : '';
  if (isSwap(tables[index])) {
    return [
      {
        table,
        name,
        create: createSuccessor(table, name),
        lead: [],
        from: `FROM main.${live} AS r`,
        order,
        expected: plan?.rowsAfter ?? 0,
      },
    ];
  }
  if (tables[index] !== 'delta' || !plan) return [];
  const create = [{ sql: deltaStagingSql(table, name) }];
  const join = (schema: string, kinds: string) =>
    `FROM ${changesTable(index)} AS c JOIN ${schema}.${live} AS r ON ${sameKeyAsChange(table, 'r', 'c')} WHERE c.kind IN (${kinds})`;
  return [
    {
      table,
      name,
      create,
      lead: ['c.kind'],
      from: join('main', "'insert','update','replace'"),
      order,
      expected: plan.inserts + plan.updates,
    },
    {
      table,
      name,
      create: [],
      lead: ["'delete'"],
      from: join('actual', "'delete'"),
      order,
      expected: plan.deletes,
    },
  ];
}

class Stager {
  readonly #target: Target;
  readonly #load: Load;
  readonly #run: Run;
  #staged = 0;
  #under: Promise<void> = Promise.resolve();

  constructor(target: Target, load: Load, run: Run) {
    this.#target = target;
    this.#load = load;
    this.#run = run;
  }

  async fill({ files }: Comparison, onRows: (rows: number) => void): Promise<void> {
    const { create, from, order, lead, table, expected } = this.#load;
    if (create.length > 0) await writeAgain(this.#target, create, this.#run);
    else this.#staged = await this.#count();
    using packs = openApart(
      rowPacks.open,
      rowPacks.module,
      { files, table, lead, from, order, expected },
      { heavy: expected > SMALL_ROWS, signal: this.#run.signal },
    );
    let coming = packs.call('next');
    for (let pack = await coming; pack; pack = await coming) {
      // The next one is packed while this one is on its way.
      coming = packs.call('next');
      // It is awaited above, unless sending fails before; and then that is what went wrong.
      coming.catch(() => undefined);
      await this.#send(this.#insertOf(pack), pack.rowCount, onRows);
    }
    await this.#under;
  }

  #insertOf(pack: Pack): Statement {
    return 'packed' in pack ? this.#packedInsert(pack.packed) : this.#typedInsert(pack.typed);
  }

  #packedInsert(packed: string): Statement {
    const { table, name, lead } = this.#load;
    const cells = unpackedCells(table, 'r.cells', lead.length);
    const head = lead.length > 0 ? ['r.cells->>0'] : [];
    return {
      sql: `INSERT INTO ${quoteName(name)} ${this.#columns()} SELECT ${[...head, ...cells].join(', ')} FROM ${PARSED_ROWS} AS r`,
      args: [packed],
    };
  }

  #typedInsert(rows: readonly SqlValue[][]): Statement {
    const args: SqlValue[] = [];
    return {
      sql: `INSERT INTO ${quoteName(this.#load.name)} ${this.#columns()} VALUES ${bindRows(rows, args)}`,
      args,
    };
  }

  #columns(): string {
    const { table, lead } = this.#load;
    const names = storedColumns(table).map(({ name }, index) =>
      lead.length > 0 ? `c${index}` : quoteName(name),
    );
    return `(${[...(lead.length > 0 ? ['kind'] : []), ...names].join(', ')})`;
  }

  /** Waits for the request before, then sends this one and returns at once. */
  async #send(statement: Statement, rows: number, onRows: (rows: number) => void): Promise<void> {
    await this.#under;
    this.#run.signal.throwIfAborted();
    this.#under = this.#deliver(statement, rows).then(() => onRows(rows));
    // It is awaited by the next `#send` or by `fill`; until then its failure must not count as unhandled.
    this.#under.catch(() => undefined);
  }

  async #deliver(statement: Statement, rows: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#target.write([statement], this.#run.signal);
        this.#staged += rows;
        return;
      } catch (error) {
        this.#run.signal.throwIfAborted();
        const busy =
          error instanceof OverseedError &&
          (error.code === 'TARGET_BUSY' || error.code === 'TARGET_UNREACHABLE');
        if (attempt === ATTEMPTS || !(busy || error instanceof AnswerLost)) throw error;
        await wait(backoffMs(attempt, { baseMs: 300, maxMs: 5_000 }), this.#run.signal);
        if (error instanceof AnswerLost && (await this.#count()) === this.#staged + rows) {
          this.#staged += rows;
          return;
        }
      }
    }
  }

  async #count(): Promise<number> {
    // As a write, so that it waits in line behind a request that may still be running.
    const question = { sql: `SELECT count(*) FROM ${quoteName(this.#load.name)}` };
    const { results } = await writeAgain(this.#target, [question], this.#run);
    return Number(results[0]?.[0]?.[0] ?? 0);
  }
}
