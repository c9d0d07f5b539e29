const EXPORTED_VALUE = /^export (?:async )?(?:function\*?|const|class|let) +([\w$]+)/gm;
const WORD = /[\w$]+/g;

/**
 * @param files path → source
 * @returns one line per exported value of `packages/` whose name no other file contains. A mention in a test
 *   counts as use, and so does one in an index.ts; a name that happens to occur elsewhere is not found out.
 */
export function findUnusedExports(files: ReadonlyMap<string, string>): string[] {
  const mentions = new Map<string, Set<string>>();
  for (const [file, source] of files) {
    for (const word of new Set(source.match(WORD))) {
      const mentioners = mentions.get(word) ?? new Set();
      mentions.set(word, mentioners.add(file));
    }
  }
  const unused: string[] = [];
  for (const [file, source] of files) {
    if (!file.startsWith('packages')) continue;
    for (const [, name = ''] of source.matchAll(EXPORTED_VALUE)) {
      if (mentions.get(name)?.size === 1)
        unused.push(`${file}: ${name} is exported, but no other file uses it`);
    }
  }
  return unused;
}
