/** Files of text, piece by piece: UTF-8, with or without a byte order mark, and never a guess at what a bad byte means. */
import { createReadStream } from 'node:fs';

/** Bytes of one piece. */
const PIECE_BYTES = 256 * 1024;

/** The bytes are not UTF-8. */
export class NotUtf8 extends Error {}

/** @throws NotUtf8 */
export async function* readText(file: string): AsyncGenerator<string> {
  yield* decode(createReadStream(file, { highWaterMark: PIECE_BYTES }));
}

/** @throws NotUtf8 */
export async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw new NotUtf8('is not UTF-8 text', { cause: error });
    throw error;
  }
}

export interface Line {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** Lines without their ends, `\n` or `\r\n`. (`node:readline` would also break at U+2028, which JSON may contain.) */
export async function* readLines(pieces: AsyncIterable<string>): AsyncGenerator<Line> {
  let rest = '';
  let line = 0;
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield { text: text.endsWith('\r') ? text.slice(0, -1) : text, line: ++line };
  }
  if (rest !== '') yield { text: rest, line: line + 1 };
}
