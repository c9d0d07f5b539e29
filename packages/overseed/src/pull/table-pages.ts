/** Reads one table page by page inside a snapshot, in the order of its rowid or key, in bounded memory. */
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { isOddRow, type JsonCell, packedRow, rowUnpacker } from '../sqlite/packed-rows.ts';
import { decodeExact, exactProjection } from '../sqlite/projection.ts';
import { rowidName } from '../sqlite/rowid-name.ts';
import { AnswerTooLarge, type Snapshot, type Statement, type Target } from '../target/target.ts';
import { quoteName } from '../util/sql.ts';

/** Rows asked for at once in the beginning; then as many as make a page of about this size, in characters. */
const FIRST_PAGE_ROWS = 1_000;
const PAGE_CHARACTERS = 1_500_000;
const MAX_PAGE_ROWS = 20_000;
/** Name of the rowid in the subquery; no column of a user is called so. */
const ORDER = '"_overseed_order"';

/** Where a page begins: after a rowid, or after a number of rows in the order of the key. */
type Position = { readonly after: bigint | null } | { readonly skip: number };

/** `packed` rows come as one JSON text; `cells` come one by one, which carries everything but is slower. */
type Form = 'packed' | 'cells';

interface Page {
  readonly rows: SqlValue[][];
  readonly next: Position | undefined;
}

export class TablePages {
  readonly #table: Table;
  readonly #channel: Target['channel'];
  /** The local binding ends the process at a text that is not valid UTF-8, and gains nothing by JSON. */
  readonly #form: Form;
  readonly #unpack: ReturnType<typeof rowUnpacker>;
  readonly #rowid: string | undefined;
  readonly #start: Position;
  #pageRows = FIRST_PAGE_ROWS;

  constructor(table: Table, channel: Target['channel']) {
    this.#table = table;
    this.#channel = channel;
    this.#form = channel === 'json' ? 'packed' : 'cells';
    this.#unpack = rowUnpacker(table);
    this.#rowid = rowidName(table);
    this.#start = this.#rowid === undefined ? { skip: 0 } : { after: null };
  }

  /** The question for the first page, so that those of many small tables can travel together. */
  firstQuestion(): Statement {
    return this.#question(this.#start, this.#form);
  }

  /** All rows, page by page. @param firstAnswer to {@link firstQuestion}; undefined when it was too large */
  async *pages(snapshot: Snapshot, firstAnswer: SqlValue[][] | undefined): AsyncGenerator<SqlValue[][]> {
    let page = firstAnswer
      ? await this.#toPage(snapshot, this.#start, firstAnswer, this.#form)
      : await this.#read(snapshot, this.#start);
    while (page.next) {
      // Asked for before this page is handed out: the server works on it while we store this one.
      const coming = this.#read(snapshot, page.next);
      // It is awaited below; should the consumer stop before that, nobody misses its failure.
      coming.catch(() => undefined);
      yield page.rows;
      page = await coming;
    }
    yield page.rows;
  }

  async #read(snapshot: Snapshot, position: Position, form = this.#form): Promise<Page> {
    for (;;) {
      try {
        const [answer = []] = await snapshot.query([this.#question(position, form)]);
        return await this.#toPage(snapshot, position, answer, form);
      } catch (error) {
        if (!(error instanceof AnswerTooLarge) || (this.#pageRows === 1 && form === 'cells')) throw error;
        // One row that is too large as JSON may still fit cell by cell.
        if (this.#pageRows === 1) return this.#read(snapshot, position, 'cells');
        this.#pageRows = Math.max(1, this.#pageRows >> 2);
      }
    }
  }

  async #toPage(snapshot: Snapshot, position: Position, answer: SqlValue[][], form: Form): Promise<Page> {
    if (form === 'cells') {
      const next = this.#next(position, answer.length, answer.at(-1)?.[0]);
      return { rows: answer.map((row) => decodeExact(row.slice(1))), next };
    }
    const [json, last, count, odd] = answer[0] ?? [];
    const rowCount = Number(count ?? 0);
    if (rowCount === 0) return { rows: [], next: undefined };
    if (Number(odd) > 0) return this.#read(snapshot, position, 'cells');
    const text = String(json);
    const next = this.#next(position, rowCount, last);
    this.#pageRows = Math.min(
      MAX_PAGE_ROWS,
      Math.max(1, Math.ceil((PAGE_CHARACTERS * rowCount) / text.length)),
    );
    return { rows: (JSON.parse(text) as JsonCell[][]).map(this.#unpack), next };
  }

  #next(position: Position, rowCount: number, last: SqlValue | undefined): Position | undefined {
    if (rowCount < this.#pageRows) return undefined;
    return 'skip' in position ? { skip: position.skip + rowCount } : { after: last as bigint };
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
    if ('skip' in position) {
      const key = this.#table.key.map(quoteName).join(',');
      return { where: `${key && `ORDER BY ${key}`} LIMIT ? OFFSET ?`, args: [limit, BigInt(position.skip)] };
    }
    const order = `ORDER BY ${this.#rowid} LIMIT ?`;
    return position.after === null
      ? { where: order, args: [limit] }
      : { where: `WHERE ${this.#rowid}>? ${order}`, args: [position.after, limit] };
  }
}
