/** Rows in groups that one statement can carry. */
import type { SqlValue } from '../model/value.ts';

/** A server accepts 32 766 parameters a statement; rows beyond that go into the next one. */
const MAX_PARAMETERS = 32_000;
const MAX_BYTES = 1_000_000;

export function* rowGroups(rows: Iterable<SqlValue[]>): Generator<SqlValue[][]> {
  let group: SqlValue[][] = [];
  let cells = 0;
  let bytes = 0;
  for (const row of rows) {
    const rowBytes = row.reduce<number>((sum, cell) => sum + sizeOf(cell), 0);
    if (group.length > 0 && (cells + row.length > MAX_PARAMETERS || bytes + rowBytes > MAX_BYTES)) {
      yield group;
      group = [];
      cells = 0;
      bytes = 0;
    }
    group.push(row);
    cells += row.length;
    bytes += rowBytes;
  }
  if (group.length > 0) yield group;
}

/** About how many bytes a value takes. */
export function sizeOf(value: SqlValue): number {
  if (typeof value === 'string') return value.length * 2;
  return value instanceof Uint8Array ? value.byteLength : 8;
}
