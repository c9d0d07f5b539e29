/**
 * Reading values exactly. A plain SELECT loses things on the way: JSON has no infinities, the local binding cuts
 * text at NUL, and a blob may look like a text. So each row is led by one more column that holds the storage
 * class of every cell as a letter (n, i, r, t, b), and the cells that the channel would spoil travel in disguise.
 */
import { isUtf8 } from 'node:buffer';
import type { SqlValue } from '../model/value.ts';

/** `json`: over the wire, infinities travel as text. `native`: from the local binding, text travels as bytes. */
export type Channel = 'json' | 'native';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Select list of {@link decodeExact}: the letters, then the cells. `expressions` are SQL, already quoted. */
export function exactProjection(expressions: readonly string[], channel: Channel): string {
  const letters = expressions.map((cell) => `substr(typeof(${cell}),1,1)`).join('||');
  const cells = expressions.map((cell) =>
    channel === 'native'
      ? `CASE typeof(${cell}) WHEN 'text' THEN CAST(${cell} AS BLOB) ELSE ${cell} END`
      : `CASE WHEN typeof(${cell})='real' AND (${cell}=9e999 OR ${cell}=-9e999) THEN CAST(${cell} AS TEXT) ELSE ${cell} END`,
  );
  return [letters, ...cells].join(', ');
}

/** @throws TypeError when a TEXT is not valid UTF-8 */
export function decodeExact(row: readonly SqlValue[]): SqlValue[] {
  const letters = typeof row[0] === 'string' ? row[0] : utf8.decode(row[0] as Uint8Array);
  const decoded: SqlValue[] = new Array(row.length - 1);
  for (let index = 1; index < row.length; index++) {
    const cell = row[index] as SqlValue;
    const letter = letters[index - 1];
    if (letter === 't' && cell instanceof Uint8Array) decoded[index - 1] = utf8.decode(cell);
    else if (letter === 'r' && typeof cell === 'string')
      decoded[index - 1] = cell.startsWith('-') ? -Infinity : Infinity;
    else decoded[index - 1] = cell;
  }
  return decoded;
}

const replacing = new TextDecoder('utf-8', { ignoreBOM: true });

/** For a row that {@link decodeExact} refused: its cells as people can read them, and which are not what they were. */
export function decodeForPeople(row: readonly SqlValue[]): { cells: SqlValue[]; spoiled: number[] } {
  const letters = typeof row[0] === 'string' ? row[0] : replacing.decode(row[0] as Uint8Array);
  const cells: SqlValue[] = [];
  const spoiled: number[] = [];
  for (const [index, cell] of row.slice(1).entries()) {
    const isText = letters[index] === 't' && cell instanceof Uint8Array;
    if (isText && !isUtf8(cell)) spoiled.push(index);
    cells.push(isText ? replacing.decode(cell) : cell);
  }
  return { cells, spoiled };
}
