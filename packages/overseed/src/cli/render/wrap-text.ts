/** Breaks one line at spaces so that none is longer than `width`; what follows keeps its indentation. */
export function wrapText(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const hanging = indent === '' ? '' : `${indent}  `;
  const lines: string[] = [];
  let current = indent;
  for (const word of line.trim().split(' ')) {
    const next = current.trim() === '' ? `${current}${word}` : `${current} ${word}`;
    if (next.length > width && current.trim() !== '') {
      lines.push(current);
      current = `${hanging}${word}`;
    } else current = next;
  }
  return [...lines, current];
}

/** Columns of a label, with the two spaces before and after it. */
const LABEL_WIDTH = 12;

/** A label and its text; a text that is too long goes on below its own beginning. */
export function labelled(label: string, text: string, width: number): string[] {
  const head = `  ${label}  `.padEnd(LABEL_WIDTH);
  const [first = '', ...rest] = text
    .split('\n')
    .flatMap((line) => wrapText(line, Math.max(20, width - head.length)));
  return [`${head}${first}`, ...rest.map((line) => `${' '.repeat(head.length)}${line.trimStart()}`)];
}
