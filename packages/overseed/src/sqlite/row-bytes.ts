/**
 * A row as bytes, made by the engine itself: two rows have the same bytes exactly when they are equal cell by cell
 * (same-cell.ts). For checksums, which must come out the same on every machine, so no decimal digits of a REAL are among
 * them: how many of those are right depends on the processor. `docs/formats.md` describes each byte.
 *
 * A REAL is its whole part and its fraction times 2^62, two integers. That is exact between 2^-9 and 2^62, because a
 * double has 53 bits; anything beyond is first brought into that range by powers of 2^62, and their number goes along.
 */
import { joinBalanced } from './balanced.ts';

/** 2^62, as a product: both factors have so few digits that no reader of decimals can get them wrong. */
const SCALE = '(2147483648.0*2147483648.0)';

/** SQL of a BLOB. @param cells SQL of each cell, in order */
export function rowBytes(cells: readonly string[]): string {
  return cells.length === 0 ? "x''" : `CAST(${joinBalanced(cells.map(cellText), '||')} AS BLOB)`;
}

/** Every cell tells where it ends, so cells need nothing between them. `||` keeps the bytes of a BLOB as they are. */
function cellText(cell: string): string {
  const bytes = (letter: string) => `'${letter}'||octet_length(${cell})||':'||${cell}`;
  return `CASE typeof(${cell}) WHEN 'text' THEN ${bytes('t')} WHEN 'integer' THEN 'i'||${cell}||';'
    WHEN 'real' THEN ${realText(cell)} WHEN 'blob' THEN ${bytes('b')} ELSE 'n' END`;
}

function realText(cell: string): string {
  return `CASE WHEN abs(${cell})>=1.0/512.0 AND abs(${cell})<${SCALE} OR ${cell}=0.0 THEN 'r'||${halves(cell)}
    WHEN ${cell}=9e999 THEN 'r+;' WHEN ${cell}=-9e999 THEN 'r-;' ELSE ${scaledText(cell)} END`;
}

function halves(cell: string): string {
  const whole = `CAST(${cell} AS INTEGER)`;
  return `${whole}||':'||CAST((${cell}-${whole})*${SCALE} AS INTEGER)||';'`;
}

/** Multiplying and dividing by a power of two loses nothing, from the smallest subnormal number to the largest. */
function scaledText(cell: string): string {
  return `(WITH RECURSIVE scaled(y, power) AS (
      SELECT ${cell}, 0 UNION ALL
      SELECT CASE WHEN abs(y)<1.0 THEN y*${SCALE} ELSE y/${SCALE} END, power+CASE WHEN abs(y)<1.0 THEN -1 ELSE 1 END
      FROM scaled WHERE abs(y)<1.0 OR abs(y)>=${SCALE}
    ) SELECT 's'||power||':'||${halves('y')} FROM scaled WHERE abs(y)>=1.0 AND abs(y)<${SCALE})`;
}
