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
