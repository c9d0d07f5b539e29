/** Cells → a row of the source, with every cell that does not fit its column as a problem. */
import type { Column, Table } from '../../model/schema.ts';
import { describeValue, type SqlValue } from '../../model/value.ts';
import { foldName } from '../../util/fold-name.ts';
import type { RowProblem, SourceRow } from '../source.ts';
import { type ColumnKind, columnKind, Unfit } from './column-kind.ts';

export interface TargetColumn {
  /** As the target spells it. */
  readonly name: string;
  readonly kind: ColumnKind;
}

/** Finds the column of the target that a name of the source means. Unknown ones take anything: they are reported later. */
export function columnFinder({ columns }: Pick<Table, 'columns'>): (name: string) => TargetColumn {
  const byName = new Map(columns.map((column: Column) => [foldName(column.name), column]));
  const known = new Map<string, TargetColumn>();
  return (name) => {
    const cached = known.get(name);
    if (cached) return cached;
    const column = byName.get(foldName(name));
    const found: TargetColumn = column
      ? { name: column.name, kind: columnKind(column) }
      : { name, kind: 'any' };
    known.set(name, found);
    return found;
  };
}

/** Builds one row cell by cell. */
export class RowBuilder {
  readonly #values = new Map<string, SqlValue>();
  #problems: RowProblem[] = [];

  /** @param given for the message, when `value` is unfit */
  add(name: string, value: SqlValue | Unfit, given: unknown): void {
    if (value instanceof Unfit)
      this.#problems.push({ column: name, value: describeValue(given), message: value.message });
    else this.#values.set(name, value);
  }

  finish(more: Pick<SourceRow, 'view' | 'place'> = {}): SourceRow {
    const problems = this.#problems;
    return { values: this.#values, problems, ...(problems.length > 0 && { isBroken: true }), ...more };
  }
}
