/**
 * HTML that is safe by construction: whatever stands in a template is escaped, unless it is markup already, and this file
 * alone makes markup.
 */
import { Buffer } from 'node:buffer';

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** As UTF-8. */
  get bytes(): number {
    return Buffer.byteLength(this.text);
  }
}

type Piece = string | number | Markup | undefined | readonly Piece[];

/** For the content of elements, and of attributes in double quotes. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(strings.reduce((text, part, index) => text + toText(pieces[index - 1]) + part));
}

/** Our own style sheet and script, which must not be escaped. @throws TypeError when it would end its element */
export function rawText(text: string): Markup {
  if (/<[/!]/.test(text)) throw new TypeError('A style sheet or a script must not hold markup.');
  return new Markup(text);
}

function toText(piece: Piece): string {
  if (piece === undefined) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'object') return piece.map(toText).join('');
  return escapeText(String(piece));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Also what no document may hold: controls, and halves of characters. */
function escapeText(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"']/g, (character) => ENTITIES[character] as string)
  );
}
