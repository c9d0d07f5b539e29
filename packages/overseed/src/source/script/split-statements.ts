/** Cuts an SQL script into its statements while it is read. */

export interface ScriptStatement {
  readonly sql: string;
  /** On which it begins, from 1. */
  readonly line: number;
}

/** What is open when a piece ends; a quote is named by the character that closes it. */
type Inside = 'nothing' | 'line comment' | 'block comment' | '"' | "'" | '`' | ']';

const QUOTES: Record<string, Inside> = { '"': '"', "'": "'", '`': '`', '[': ']' };

/**
 * Semicolons end a statement, unless they stand in quotes, in a comment, or between BEGIN and END of a trigger. A quote
 * that is doubled inside quotes closes and opens them again, which comes to the same.
 */
export class StatementSplitter {
  #inside: Inside = 'nothing';
  #statement = '';
  /** The character before, where two belong together. */
  #previous = '';
  #line = 1;
  #startLine = 1;
  #hasText = false;

  *feed(piece: string): Generator<ScriptStatement> {
    let start = 0;
    for (let index = 0; index < piece.length; index++) {
      const character = piece[index] as string;
      if (character === '\n') this.#line++;
      const ends = this.#advance(character);
      if (!ends) continue;
      this.#statement += piece.slice(start, index + 1);
      start = index + 1;
      if (isOpenTrigger(this.#statement)) continue;
      const ended = this.#take();
      if (ended) yield ended;
    }
    this.#statement += piece.slice(start);
  }

  /** What is left when the script ends without a semicolon. */
  finish(): ScriptStatement | undefined {
    return this.#take();
  }

  #take(): ScriptStatement | undefined {
    const statement = this.#hasText ? { sql: this.#statement, line: this.#startLine } : undefined;
    this.#statement = '';
    this.#hasText = false;
    return statement;
  }

  /** @returns whether a semicolon ended something */
  #advance(character: string): boolean {
    const previous = this.#previous;
    this.#previous = character;
    switch (this.#inside) {
      case 'line comment':
        if (character === '\n') this.#inside = 'nothing';
        return false;
      case 'block comment':
        if (previous === '*' && character === '/') this.#close();
        return false;
      case 'nothing':
        return this.#outside(previous, character);
      default:
        if (character === this.#inside) this.#close();
        return false;
    }
  }

  #outside(previous: string, character: string): boolean {
    if (previous === '-' && character === '-') this.#inside = 'line comment';
    else if (previous === '/' && character === '*') {
      this.#inside = 'block comment';
      this.#previous = '';
    } else if (character === ';') return true;
    else if (QUOTES[character] !== undefined) this.#inside = QUOTES[character];
    if (
      !this.#hasText &&
      this.#inside !== 'line comment' &&
      this.#inside !== 'block comment' &&
      /[^\s/-]/.test(character)
    ) {
      this.#hasText = true;
      this.#startLine = this.#line;
    }
    return false;
  }

  #close(): void {
    this.#inside = 'nothing';
    this.#previous = '';
  }
}

/** A trigger holds statements of its own. Its END follows a semicolon, that of a CASE does not. */
function isOpenTrigger(statement: string): boolean {
  const isTrigger = /^\s*create\s+(temp\s+|temporary\s+)?trigger\b/i.test(withoutComments(statement));
  return isTrigger && !/;\s*end\s*;$/i.test(statement);
}

/** Without the comments that lead it. */
export function withoutComments(statement: string): string {
  return statement.replace(/^(\s+|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)+/, '');
}
