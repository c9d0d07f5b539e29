import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OWN_FOLDER = fileURLToPath(new URL('..', import.meta.url));

/**
 * The first place in somebody's own code that the stack of `error` names, as `db/seed.ts:12`; undefined when there is
 * none. @param root what the path is relative to
 */
export function stackPlace(error: unknown, root: string): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const [, url = '', line] of stack.matchAll(/(file:\/\/[^\s?)]+?)(?:\?[^\s:)]*)?:(\d+)/g)) {
    const file = fileURLToPath(url);
    if (file.includes('node_modules') || file.startsWith(OWN_FOLDER)) continue;
    return `${path.relative(root, file)}:${line}`;
  }
  return undefined;
}
