/**
 * Rows packed as JSON by the database itself: many rows in one text, several times faster than cell by cell, and still
 * exact. JSON alone would not be: SQLite prints a REAL with 15 digits and reads decimals to the nearest but one, and
 * JavaScript reads large integers as doubles. So it depends on the column's affinity what stands for a cell:
 *
 * - TEXT: the text.
 * - REAL: two integers, the whole part and the fraction times 2^62. Adding them again is exact.
 * - any other: two cells, `value, mark`. The mark is null for text, NULL and integers up to 2^53; `"i"` for a larger
 *   integer, which travels as text; `"x"` for a BLOB, which travels as hex; and a REAL is its two integers.
 *
 * What does not fit makes its row odd: a REAL with bits below 2^-62 or above 2^62, -0.0, another storage class than
 * the column's affinity lets expect, a very long value. Odd rows are counted, and travel cell by cell instead.
 */
import { storedColumns, type Table } from '../model/schema.ts';
import type { SqlValue } from '../model/value.ts';
import { chunksOf } from '../util/chunks.ts';
import { quoteName } from '../util/sql.ts';
import { joinBalanced } from './balanced.ts';
import { type Kind, kindOf } from './column-kind.ts';

const FRACTION = 2 ** 62;
const FRACTION_SQL = '4611686018427387904.0';
const SAFE = '9007199254740991';
/** Most cells in one array. A row of more is an array of such arrays. */
const GROUP_CELLS = 100;
/** A row with more bytes than this in its texts and BLOBs is odd. */
const LONG_ROW_BYTES = 1_000_000;

const whole = (cell: string) => `CAST(${cell} AS INTEGER)`;
const fraction = (cell: string) => `CAST((${cell}-${whole(cell)})*${FRACTION_SQL} AS INTEGER)`;
const isSafe = (cell: string) => `${cell} BETWEEN -${SAFE} AND ${SAFE}`;

/** SQL of the JSON array of one row. @param alias of the table */
export function packedRow(table: Table, alias: string): string {
  const cells = storedColumns(table).flatMap((column) => {
    const cell = `${alias}.${quoteName(column.name)}`;
    // What stands here for a cell of an odd row does not matter; but JSON refuses BLOBs, which are all above `x''`.
    if (kindOf(column) === 'text') return [`CASE WHEN ${cell}<x'' THEN ${cell} END`];
    return kindOf(column) === 'real' ? [whole(cell), fraction(cell)] : [valueSql(cell), markSql(cell)];
  });
  // A function takes at most 127 arguments, so the cells of a wide table travel in groups.
  if (cells.length <= GROUP_CELLS) return `json_array(${cells.join(', ')})`;
  const groups = [...chunksOf(cells, GROUP_CELLS)].map((group) => `json_array(${group.join(', ')})`);
  return `json_array(${groups.join(', ')})`;
}

function valueSql(cell: string): string {
  return `CASE typeof(${cell}) WHEN 'integer' THEN CASE WHEN ${isSafe(cell)} THEN ${cell} ELSE CAST(${cell} AS TEXT) END
    WHEN 'real' THEN ${whole(cell)} WHEN 'blob' THEN hex(${cell}) ELSE ${cell} END`;
}

function markSql(cell: string): string {
  return `CASE typeof(${cell}) WHEN 'integer' THEN CASE WHEN ${isSafe(cell)} THEN NULL ELSE 'i' END
    WHEN 'real' THEN ${fraction(cell)} WHEN 'blob' THEN 'x' END`;
}

/** SQL that is 1 for a row that cannot be packed exactly, else 0. It is asked of every row, so the usual cell must be cheap. */
export function isOddRow(table: Table, alias: string): string {
  const columns = storedColumns(table);
  const odd = columns.map((column) => {
    const cell = `${alias}.${quoteName(column.name)}`;
    const kind = kindOf(column);
    // In the order of storage classes, numbers stand before all texts and BLOBs after them.
    if (kind === 'text') return `${cell}<'' OR ${cell}>=x''`;
    return kind === 'real'
      ? `CASE WHEN ${isPlainReal(cell)} THEN 0 WHEN typeof(${cell})='real' THEN ${isOddReal(cell)} ELSE ${cell} IS NOT NULL END`
      : `CASE WHEN typeof(${cell})<>'real' OR ${isPlainReal(cell)} THEN 0 ELSE ${isOddReal(cell)} END`;
  });
  const lengths = columns
    .filter((column) => kindOf(column) !== 'real')
    .map((column) => {
      const cell = `${alias}.${quoteName(column.name)}`;
      if (kindOf(column) === 'text') return `ifnull(octet_length(${cell}),0)`;
      // The length of a number would be that of its digits, which take long to print. Texts and BLOBs stand above all numbers.
      return `CASE WHEN ${cell}>='' THEN octet_length(${cell}) ELSE 0 END`;
    });
  if (lengths.length > 0) odd.push(`${joinBalanced(lengths, '+')}>${LONG_ROW_BYTES}`);
  return `ifnull(${joinBalanced(odd, 'OR')},0)`;
}

/** A REAL of this size has no bit below 2^-62: its 53 bits begin at 2^-10 or above. */
function isPlainReal(cell: string): string {
  return `${cell} BETWEEN 0.001 AND 4e18 OR ${cell} BETWEEN -4e18 AND -0.001`;
}

function isOddReal(cell: string): string {
  const inexact = `${cell}<>${whole(cell)}+${fraction(cell)}/${FRACTION_SQL}`;
  const tooLarge = `${cell}>=${FRACTION_SQL} OR ${cell}<=-${FRACTION_SQL}`;
  return `(${inexact} OR ${tooLarge} OR (${cell}=0.0 AND CAST(${cell} AS TEXT)='-0.0'))`;
}

/**
 * SQL that turns the JSON array `json` back into values, one expression a stored column.
 * @param first position of the first cell
 */
export function unpackedCells(table: Table, json: string, first: number): string[] {
  const kinds = storedColumns(table).map(kindOf);
  const isWide = cellCount(kinds) > GROUP_CELLS;
  let position = 0;
  const next = () => {
    const at = position++;
    if (!isWide) return `${json}->>${first + at}`;
    return `${json}->${first + Math.floor(at / GROUP_CELLS)}->>${at % GROUP_CELLS}`;
  };
  return kinds.map((kind) => {
    if (kind === 'text') return next();
    const [value, mark] = [next(), next()];
    const real = `(${value})+(${mark})/${FRACTION_SQL}`;
    if (kind === 'real') return real;
    return `CASE WHEN ${mark} IS NULL THEN ${value} WHEN typeof(${mark})='integer' THEN ${real}
      WHEN ${mark}='x' THEN unhex(${value}) ELSE ${whole(value)} END`;
  });
}

/** The function that turns one row of the JSON back into values, which it appends to `into`. */
export function rowUnpacker(table: Table): (row: PackedRow, into: SqlValue[]) => void {
  const kinds = storedColumns(table).map(kindOf);
  const isWide = cellCount(kinds) > GROUP_CELLS;
  return (packed, into) => {
    const cells = isWide ? (packed as readonly JsonCell[][]).flat() : (packed as readonly JsonCell[]);
    let position = 0;
    for (const kind of kinds) {
      const value = cells[position++] as JsonCell;
      into.push(kind === 'text' ? (value as string | null) : unpack(value, cells[position++] as JsonCell));
    }
  };
}

/** Cells, or groups of them where the table is wide. */
export type PackedRow = readonly JsonCell[] | readonly JsonCell[][];

function cellCount(kinds: readonly Kind[]): number {
  return kinds.reduce((sum, kind) => sum + (kind === 'text' ? 1 : 2), 0);
}

export type JsonCell = string | number | null;

function unpack(value: JsonCell, mark: JsonCell): SqlValue {
  if (value === null) return null;
  if (mark === null) return typeof value === 'number' ? BigInt(value) : value;
  if (typeof mark === 'number') return (value as number) + mark / FRACTION;
  return mark === 'x' ? new Uint8Array(Buffer.from(value as string, 'hex')) : BigInt(value);
}
