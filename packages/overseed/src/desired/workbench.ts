/** Work on the desired file that may take long, wherever it runs. */
import type { Dependants } from '../model/dependants.ts';
import type { Problem } from '../model/problem.ts';
import type { Table } from '../model/schema.ts';
import { type Apart, openApart, SMALL_ROWS } from '../sqlite/apart.ts';
import { copyRows, type RowCopy } from '../sqlite/copy-rows.ts';
import { LocalDatabase } from '../sqlite/local-database.ts';
import { checkForeignKeys, type DroppedRows } from './check-foreign-keys.ts';
import { followCascades } from './follow-cascades.ts';
import { type KeptColumns, keepColumns } from './keep-columns.ts';

export const module = import.meta.url;

/** @param file path of the desired database */
export function open(file: string) {
  const database = LocalDatabase.scratch(file);
  return {
    copyRows: (copy: RowCopy): number => copyRows(database, copy),
    checkForeignKeys: (tables: readonly Table[], dropped: DroppedRows): Problem[] =>
      checkForeignKeys(database, tables, dropped),
    keepColumns: (tables: readonly Table[], kept: readonly KeptColumns[], actualFile: string): void =>
      keepColumns(database, tables, kept, actualFile),
    followCascades: (
      tables: readonly Table[],
      followers: readonly Table[],
      actualFile: string,
    ): Dependants[] => followCascades(database, tables, followers, actualFile),
    [Symbol.dispose]: () => database.close(),
  };
}

type Work = ReturnType<typeof open>;

/** Opens what it needs: small work happens here, large work in a thread. */
export class Workbench implements Disposable {
  readonly #file: string;
  readonly #signal: AbortSignal;
  #here: Apart<Work> | undefined;
  #apart: Apart<Work> | undefined;

  constructor(file: string, signal: AbortSignal) {
    this.#file = file;
    this.#signal = signal;
  }

  /** @param rowCount about how many rows the work will look at */
  for(rowCount: number): Apart<Work> {
    if (rowCount > SMALL_ROWS) {
      this.#apart ??= this.#open(true);
      return this.#apart;
    }
    this.#here ??= this.#open(false);
    return this.#here;
  }

  #open(heavy: boolean): Apart<Work> {
    return openApart(open, module, this.#file, { heavy, signal: this.#signal });
  }

  [Symbol.dispose](): void {
    this.#here?.[Symbol.dispose]();
    this.#apart?.[Symbol.dispose]();
  }
}
