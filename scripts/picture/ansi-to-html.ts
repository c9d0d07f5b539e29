/** Terminal output with its colours as HTML: one `<span>` a style, named by classes. */

/** SGR codes that add a style (ECMA-48, 8.3.117). */
const STYLES = new Map([
  [1, 'bold'],
  [2, 'dim'],
  [31, 'red'],
  [32, 'green'],
  [33, 'yellow'],
  [34, 'blue'],
  [36, 'cyan'],
  [90, 'dim'],
]);

const INTENSITY = ['bold', 'dim'];

const CODE = new RegExp(`${String.fromCharCode(27)}\\[([\\d;]*)m`);

/** Unknown codes are left out; the text is escaped. */
export function ansiToHtml(text: string): string {
  let styles: string[] = [];
  const parts = text.split(CODE);
  // Texts stand at even places, and between them the codes.
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return span(part, styles);
      for (const code of part.split(';').map(Number)) styles = withCode(styles, code);
      return '';
    })
    .join('');
}

function withCode(styles: readonly string[], code: number): string[] {
  if (code === 0) return [];
  if (code === 22) return styles.filter((style) => !INTENSITY.includes(style));
  if (code === 39) return styles.filter((style) => INTENSITY.includes(style));
  const style = STYLES.get(code);
  return style === undefined ? [...styles] : [...styles, style];
}

function span(text: string, styles: readonly string[]): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return text === '' || styles.length === 0 ? escaped : `<span class="${styles.join(' ')}">${escaped}</span>`;
}
