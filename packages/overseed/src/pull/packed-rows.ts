/**
 * Rows packed as JSON by the database itself: many rows in one text, several times faster than cell by cell, and still
 * exact. JSON alone would not be: SQLite prints a REAL with 15 digits, and JavaScript reads large integers as doubles.
 *
 * So a column that is not TEXT takes two JSON cells, `value, mark`:
 * - REAL travels as two integers, its whole part and its fraction times 2^62; adding them again is exact;
 * - an integer beyond 2^53 travels as text with the mark `"i"`, a BLOB as hex with the mark `"x"`;
 * - anything else travels as it is, with the mark null.
 * The few REALs whose last bit is below 2^-62 or above 2^62 do not fit, nor does -0.0, nor a BLOB in a TEXT column.
 * Rows that hold one are counted as odd, and their page is read cell by cell instead.
 */
import { type Column, storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { quoteName } from '../util/sql.ts';

const FRACTION = 2 ** 62;
const FRACTION_SQL = '4611686018427387904.0';
const SAFE = '9007199254740991';

/** Columns of TEXT affinity hold TEXT, NULL or, oddly, a BLOB: one cell is enough. */
function isText({ type }: Column): boolean {
  return /CHAR|CLOB|TEXT/i.test(type) && !/INT/i.test(type);
}

/** SQL of the JSON array of one row. @param alias of the table */
export function packedRow(table: Table, alias: string): string {
  const cells = storedColumns(table).flatMap((column) => {
    const cell = `${alias}.${quoteName(column.name)}`;
    // A BLOB in a TEXT column makes the row odd, so what stands here for it does not matter; but JSON refuses BLOBs.
    return isText(column)
      ? [`CASE typeof(${cell}) WHEN 'text' THEN ${cell} END`]
      : [valueSql(cell), markSql(cell)];
  });
  return `json_array(${cells.join(', ')})`;
}

function valueSql(cell: string): string {
  return `CASE typeof(${cell}) WHEN 'real' THEN CAST(${cell} AS INTEGER) WHEN 'blob' THEN hex(${cell})
    WHEN 'integer' THEN CASE WHEN ${cell} BETWEEN -${SAFE} AND ${SAFE} THEN ${cell} ELSE CAST(${cell} AS TEXT) END
    ELSE ${cell} END`;
}

function markSql(cell: string): string {
  return `CASE typeof(${cell}) WHEN 'real' THEN CAST((${cell}-CAST(${cell} AS INTEGER))*${FRACTION_SQL} AS INTEGER)
    WHEN 'blob' THEN 'x' WHEN 'integer' THEN CASE WHEN ${cell} BETWEEN -${SAFE} AND ${SAFE} THEN NULL ELSE 'i' END END`;
}

/** SQL that is 1 for a row that cannot be packed exactly, else 0. */
export function isOddRow(table: Table, alias: string): string {
  const odd = storedColumns(table).map((column) => {
    const cell = `${alias}.${quoteName(column.name)}`;
    if (isText(column)) return `typeof(${cell}) NOT IN ('text','null')`;
    const whole = `CAST(${cell} AS INTEGER)`;
    const again = `${whole}+CAST((${cell}-${whole})*${FRACTION_SQL} AS INTEGER)/${FRACTION_SQL}`;
    return `(typeof(${cell})='real' AND (${cell}<>${again} OR ${cell}>=${FRACTION_SQL} OR ${cell}<=-${FRACTION_SQL} OR (${cell}=0.0 AND CAST(${cell} AS TEXT)='-0.0')))`;
  });
  return `(${odd.join(' OR ')})`;
}

/** The function that turns one row of the JSON back into values. */
export function rowUnpacker(table: Table): (cells: readonly JsonCell[]) => SqlValue[] {
  const textual = storedColumns(table).map(isText);
  return (cells) => {
    const row: SqlValue[] = new Array(textual.length);
    let position = 0;
    for (let index = 0; index < textual.length; index++) {
      const value = cells[position++] as JsonCell;
      row[index] = textual[index] ? (value as string | null) : unpack(value, cells[position++] as JsonCell);
    }
    return row;
  };
}

export type JsonCell = string | number | null;

function unpack(value: JsonCell, mark: JsonCell): SqlValue {
  if (value === null) return null;
  if (mark === null) return typeof value === 'number' ? BigInt(value) : value;
  if (typeof mark === 'number') return (value as number) + mark / FRACTION;
  return mark === 'x' ? new Uint8Array(Buffer.from(value as string, 'hex')) : BigInt(value);
}
