/** Reads one table page by page inside a snapshot, in the order of its rowid or key, in bounded memory. */
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { canBound, orderByKey, whereInRange } from '../sqlite/key-range.ts';
import { isOddRow, type PackedRow, packedRow, rowUnpacker } from '../sqlite/packed-rows.ts';
import { decodeExact, exactProjection } from '../sqlite/projection.ts';
import { sizeOf } from '../sqlite/row-groups.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import { AnswerTooLarge, type Snapshot, type Statement, type Target } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';

/** Rows asked for at once in the beginning; then as many as make a page of about this size, in characters. */
const FIRST_PAGE_ROWS = 1_000;
/** A file hands out whatever is asked for, be it gigabytes. */
const FIRST_PAGE_ROWS_OF_FILE = 100;
const PAGE_CHARACTERS = 1_500_000;
const MAX_PAGE_ROWS = { packed: 20_000, cells: 4_000 };
/** Name of the rowid in the subquery; no column of a user is called so. */
const ORDER = '"_overseed_order"';

/**
 * Where a page begins: after a rowid, after a key, or, where the key cannot be told exactly, after a number of rows in
 * its order.
 */
type Position =
  | { readonly after: bigint | null }
  | { readonly afterKey: readonly SqlValue[] | null /** Rows before it. */; readonly rows: number }
  | { readonly skip: number };

/** `packed` rows come as one JSON text; `cells` come one by one, which carries everything but is slower. */
type Form = 'packed' | 'cells';

/** Rows, as they came. */
export type Page = { readonly rowCount: number } & (
  | { readonly packed: string }
  | { readonly cells: SqlValue[][] }
);

interface Turn {
  readonly page: Page;
  readonly next: Position | undefined;
}

export class TablePages {
  readonly #table: Table;
  readonly #channel: Target['channel'];
  /** The local binding ends the process at a text that is not valid UTF-8, and gains nothing by JSON. */
  readonly #form: Form;
  readonly #rowid: string | undefined;
  readonly #start: Position;
  #pageRows: number;

  constructor(table: Table, channel: Target['channel']) {
    this.#table = table;
    this.#channel = channel;
    this.#form = channel === 'json' ? 'packed' : 'cells';
    this.#rowid = rowidName(table);
    this.#pageRows = channel === 'json' ? FIRST_PAGE_ROWS : FIRST_PAGE_ROWS_OF_FILE;
    this.#start =
      this.#rowid !== undefined
        ? { after: null }
        : table.key.length > 0
          ? { afterKey: null, rows: 0 }
          : { skip: 0 };
  }

  /** The question for the first page, so that those of many small tables can travel together. */
  firstQuestion(): Statement {
    return this.#question(this.#start, this.#form);
  }

  /** Whether there is more than the first page. */
  hasMore(firstAnswer: SqlValue[][]): boolean {
    const rowCount = this.#form === 'cells' ? firstAnswer.length : Number(firstAnswer[0]?.[2] ?? 0);
    return rowCount >= this.#pageRows;
  }

  /** All rows, page by page. @param firstAnswer to {@link firstQuestion}; undefined when it was too large */
  async *pages(snapshot: Snapshot, firstAnswer: SqlValue[][] | undefined): AsyncGenerator<Page> {
    let turn = firstAnswer
      ? await this.#toTurn(snapshot, this.#start, firstAnswer, this.#form)
      : await this.#read(snapshot, this.#start);
    while (turn.next) {
      // Asked for before this page is handed out: the server works on it while we store this one.
      const coming = this.#read(snapshot, turn.next);
      // It is awaited below; should the consumer stop before that, nobody misses its failure.
      coming.catch(() => undefined);
      yield turn.page;
      turn = await coming;
    }
    yield turn.page;
  }

  async #read(snapshot: Snapshot, position: Position, form = this.#form): Promise<Turn> {
    for (;;) {
      try {
        const [answer = []] = await snapshot.query([this.#question(position, form)]);
        return await this.#toTurn(snapshot, position, answer, form);
      } catch (error) {
        if (!(error instanceof AnswerTooLarge) || (this.#pageRows === 1 && form === 'cells')) throw error;
        // One row that is too large as JSON may still fit cell by cell.
        if (this.#pageRows === 1) return this.#read(snapshot, position, 'cells');
        this.#pageRows = Math.max(1, this.#pageRows >> 2);
      }
    }
  }

  async #toTurn(snapshot: Snapshot, position: Position, answer: SqlValue[][], form: Form): Promise<Turn> {
    if (form === 'cells') {
      const cells = answer.map((row) => decodeExact(row.slice(1)));
      const bytes = cells.reduce(
        (sum, row) => sum + row.reduce<number>((all, cell) => all + sizeOf(cell), 0),
        0,
      );
      const next = this.#next(position, answer.length, answer.at(-1)?.[0], () => cells.at(-1) ?? []);
      this.#fit(form, cells.length, bytes);
      return { page: { rowCount: cells.length, cells }, next };
    }
    const [json, last, count, odd] = answer[0] ?? [];
    const rowCount = Number(count ?? 0);
    if (rowCount === 0) return { page: { rowCount, cells: [] }, next: undefined };
    if (Number(odd) > 0) return this.#read(snapshot, position, 'cells');
    const packed = String(json);
    const next = this.#next(position, rowCount, last, () => {
      const rows = JSON.parse(packed) as PackedRow[];
      const last: SqlValue[] = [];
      rowUnpacker(this.#table)(rows.at(-1) as PackedRow, last);
      return last;
    });
    this.#fit(form, rowCount, packed.length);
    return { page: { rowCount, packed }, next };
  }

  /** The next page takes as many rows as are likely to make one of the right size. */
  #fit(form: Form, rowCount: number, size: number): void {
    if (rowCount === 0) return;
    const rows = Math.ceil((PAGE_CHARACTERS * rowCount) / Math.max(1, size));
    this.#pageRows = Math.min(MAX_PAGE_ROWS[form], Math.max(1, rows));
  }

  #next(
    position: Position,
    rowCount: number,
    last: SqlValue | undefined,
    lastRow: () => readonly SqlValue[],
  ): Position | undefined {
    if (rowCount < this.#pageRows) return undefined;
    if ('after' in position) return { after: last as bigint };
    if ('skip' in position) return { skip: position.skip + rowCount };
    const names = storedColumns(this.#table).map(({ name }) => name);
    const row = lastRow();
    const afterKey = this.#table.key.map((name) => row[names.indexOf(name)] ?? null);
    const rows = position.rows + rowCount;
    return canBound(afterKey) ? { afterKey, rows } : { skip: rows };
  }

  #question(position: Position, form: Form): Statement {
    const names = storedColumns(this.#table).map(({ name }) => quoteName(name));
    const { where, args } = this.#range(position);
    const rows = `(SELECT ${this.#rowid ?? '0'} AS ${ORDER}, ${names.join(', ')} FROM ${quoteName(this.#table.name)} ${where}) AS t`;
    const cells = names.map((name) => `t.${name}`);
    const select =
      form === 'cells'
        ? `t.${ORDER}, ${exactProjection(cells, this.#channel)}`
        : `json_group_array(${packedRow(this.#table, 't')}), max(t.${ORDER}), count(*), sum(${isOddRow(this.#table, 't')})`;
    return { sql: `SELECT ${select} FROM ${rows}`, args };
  }

  #range(position: Position): { where: string; args: SqlValue[] } {
    const limit = BigInt(this.#pageRows);
    if ('after' in position) {
      const order = `ORDER BY ${this.#rowid} LIMIT ?`;
      return position.after === null
        ? { where: order, args: [limit] }
        : { where: `WHERE ${this.#rowid}>? ${order}`, args: [position.after, limit] };
    }
    // A table whose columns hide every name of its rowid may have no key either: then in the order of storage.
    const order = this.#table.key.length > 0 ? orderByKey(this.#table) : '';
    if ('skip' in position)
      return { where: `${order} LIMIT ? OFFSET ?`, args: [limit, BigInt(position.skip)] };
    const args: SqlValue[] = [];
    const where = whereInRange(this.#table, { after: position.afterKey, upTo: null }, args);
    return { where: `${where} ${order} LIMIT ?`, args: [...args, limit] };
  }
}
