/**
 * What a target is going to be compared with, printed page by page while other work is under way: a processor is often
 * idle while changes are planned and sent, and the proof then waits for the target alone.
 */
import type { Table } from '../model/schema.ts';
import { type Apart, openApart } from '../sqlite/apart.ts';
import type { LocalDatabase } from '../sqlite/local-database.ts';
import * as printer from './page-printer.ts';

/** What the target ought to hold. */
export interface Expected {
  readonly database: LocalDatabase;
  readonly tables: readonly Table[];
  readonly rowCount: number;
}

export class ExpectedPages implements Disposable {
  readonly #expected: Expected;
  readonly #signal: AbortSignal;
  #printer: Apart<ReturnType<typeof printer.open>> | undefined;
  /** The pages of each table; a table without a key has none, as nothing puts its rows in order. */
  readonly #pages: readonly Promise<printer.PrintedPage>[][];
  #ahead: Promise<void> | undefined;

  constructor(expected: Expected, signal: AbortSignal) {
    this.#expected = expected;
    this.#signal = signal;
    this.#pages = expected.tables.map(() => []);
  }

  /** Prints ahead, from now on. The database must stay as it is. */
  begin(): void {
    this.#ahead ??= this.#printAll(this.#expected.tables);
  }

  async #printAll(tables: readonly Table[]): Promise<void> {
    for (const [index, table] of tables.entries()) {
      for (let page = 0; table.key.length > 0; page++) {
        const printed = await this.#page(index, page).catch(() => undefined); // Whoever asks for it hears why.
        if (printed?.digest === undefined || printed.range.upTo === null) break;
      }
    }
  }

  /** The pages of table number `index` up to its end, or up to the first that cannot be printed exactly. */
  async *of(index: number): AsyncGenerator<printer.PrintedPage> {
    this.begin();
    for (let number = 0; ; number++) {
      const page = await this.#page(index, number);
      yield page;
      if (page.digest === undefined || page.range.upTo === null) return;
    }
  }

  #page(index: number, number: number): Promise<printer.PrintedPage> {
    const pages = this.#pages[index] ?? [];
    pages[number] ??= this.#print(index, pages[number - 1]);
    // Printed ahead, it may fail before anybody asks for it, or without.
    pages[number].catch(() => undefined);
    return pages[number];
  }

  async #print(index: number, before: Promise<printer.PrintedPage> | undefined) {
    return this.#open().call('page', index, before ? (await before).range.upTo : null);
  }

  #open(): Apart<ReturnType<typeof printer.open>> {
    const { database, tables } = this.#expected;
    const input = { file: database.file, tables };
    this.#printer ??= openApart(printer.open, printer.module, input, { heavy: true, signal: this.#signal });
    return this.#printer;
  }

  [Symbol.dispose](): void {
    this.#printer?.[Symbol.dispose]();
  }
}
