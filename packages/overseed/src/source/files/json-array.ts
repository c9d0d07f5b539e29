/**
 * `.json`: an array of objects. It is cut into its elements while it is read, and each element is parsed by the platform,
 * so a file may be larger than memory, and every number keeps its digits.
 */
import type { Table } from '../../model/schema.ts';
import type { SourceRow } from '../source.ts';
import { columnFinder } from '../values/map-row.ts';
import { jsonRow, unreadable } from './json-row.ts';
import { type Line, readText } from './read-text.ts';

/** @param name of the file, for messages */
export async function* jsonArrayRows(file: string, name: string, table: Table): AsyncGenerator<SourceRow> {
  const find = columnFinder(table);
  const splitter = new ElementSplitter();
  try {
    for await (const piece of readText(file)) {
      for (const { text, line } of splitter.feed(piece)) yield jsonRow(text, find, `${name}, line ${line}`);
    }
    splitter.finish();
  } catch (error) {
    if (!(error instanceof NotAnArray)) throw error;
    yield unreadable(error.message, `${name}, line ${splitter.line}`);
  }
}

/** What was read is no JSON array; what its elements are is for others to say. */
export class NotAnArray extends Error {}

const [QUOTE, BACKSLASH, COMMA, NEWLINE] = [34, 92, 44, 10];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

/** Cuts the text of an array at the commas of its outermost level. */
export class ElementSplitter {
  /** Of the character that is read, from 1. */
  line = 1;
  #state: 'before' | 'inside' | 'after' = 'before';
  /** Brackets that are open, without the outermost. */
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** The element so far, and the line on which it begins. */
  #element = '';
  #elementLine = 1;
  #elements = 0;

  /** The elements that end in `piece`. @throws NotAnArray */
  *feed(piece: string): Generator<Line> {
    let start = 0;
    for (let index = 0; index < piece.length; index++) {
      const code = piece.charCodeAt(index);
      if (code === NEWLINE) this.line++;
      if (this.#state !== 'inside') {
        this.#outside(code);
        start = index + 1;
      } else if (this.#inString) this.#string(code);
      else if (code === QUOTE) this.#inString = true;
      else if (code === OPEN_LIST || code === OPEN_OBJECT) this.#depth++;
      else if (this.#depth > 0) {
        if (code === CLOSE_LIST || code === CLOSE_OBJECT) this.#depth--;
      } else if (code === COMMA || code === CLOSE_LIST) {
        yield* this.#end(piece.slice(start, index), code === CLOSE_LIST);
        start = index + 1;
      }
    }
    if (this.#state === 'inside') this.#add(piece.slice(start));
  }

  /** @throws NotAnArray when the end is missing */
  finish(): void {
    if (this.#state === 'before') throw new NotAnArray('is empty: an array of objects is expected');
    if (this.#state === 'inside') throw new NotAnArray('ends in the middle of the array');
  }

  #outside(code: number): void {
    if (isSpace(code)) return;
    if (this.#state === 'after') throw new NotAnArray('goes on after the end of the array');
    if (code !== OPEN_LIST) throw new NotAnArray('is not an array of objects: it must begin with "["');
    this.#state = 'inside';
    this.#elementLine = this.line;
  }

  #string(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === BACKSLASH) this.#isEscaped = true;
    else if (code === QUOTE) this.#inString = false;
  }

  #add(text: string): void {
    if (this.#element === '') {
      // An element begins where its first character is, not after the comma before it.
      const blank = /^\s*/.exec(text)?.[0] ?? '';
      if (blank.length === text.length) return;
      const rest = text.slice(blank.length);
      this.#elementLine = this.line - (rest.split('\n').length - 1);
      this.#element = rest;
    } else this.#element += text;
  }

  *#end(text: string, isLast: boolean): Generator<Line> {
    this.#add(text);
    const element = this.#element;
    this.#element = '';
    if (isLast) this.#state = 'after';
    if (element !== '') yield { text: element, line: this.#elementLine };
    else if (!isLast || this.#elements > 0) throw new NotAnArray('has a comma too many');
    this.#elements++;
  }
}

function isSpace(code: number): boolean {
  return code === 32 || code === NEWLINE || code === 13 || code === 9;
}
