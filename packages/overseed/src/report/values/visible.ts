/** Text from anywhere, so that nothing in it is invisible, and nothing can turn the line around. */

/** Controls, and characters that reorder or hide others. Joiners stay: they hold pictographs and scripts together. */
const HIDDEN = /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

export function visible(text: string): string {
  return text.toWellFormed().replace(HIDDEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\n') return '↵';
    if (character === '\t') return '⇥';
    // Unicode has pictures of the oldest ones.
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** The name of a table or a column. */
export function visibleName(name: string): string {
  return shorten(visible(name), 80);
}

/** At most about `length` characters; the middle goes. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const tail = Math.floor(length / 4);
  return `${text.slice(0, length - tail).toWellFormed()}…${text.slice(-tail).toWellFormed()}`;
}
