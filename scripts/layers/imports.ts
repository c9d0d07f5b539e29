/**
 * Finds the imports of a TypeScript file without parsing it. Comments go, and strings are replaced by numbered blanks,
 * so that what is left matches simple patterns: text that merely looks like an import cannot.
 */

/** In this order: line comment, block comment, string, template. Whichever begins first in the source wins. */
const SKIPPED = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;

/** A regular expression literal stands where a value may begin; only those that hold a quote or a slash mislead us. */
const REGEXP_LITERAL =
  /(?<=[=(,:[!&|?{};]\s*|\breturn\s+)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*/g;

const IMPORT_PATTERNS = [
  /\bfrom\s*§(\d+)§/g, // import … from, export … from, with or without `type`
  /\bimport\s*§(\d+)§/g, // side effect
  /\bimport\s*\(\s*§(\d+)§/g, // dynamic, and types written as import('…').Name
];

/** @returns the specifiers, each once, in the order of their first appearance in the file */
export function importsOf(source: string): string[] {
  const strings: string[] = [];
  const code = source.replace(new RegExp(`${SKIPPED.source}|${REGEXP_LITERAL.source}`, 'g'), (text) => {
    if (text.startsWith('//') || text.startsWith('/*')) return ' ';
    if (text.startsWith('/')) return '0';
    strings.push(text.slice(1, -1));
    return `§${strings.length - 1}§`;
  });
  const found = new Set<number>();
  for (const pattern of IMPORT_PATTERNS) {
    for (const match of code.matchAll(pattern)) found.add(Number(match[1]));
  }
  return [...new Set([...found].sort((a, b) => a - b).map((index) => strings[index] ?? ''))];
}
