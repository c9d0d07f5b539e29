/**
 * Fails when a function, constant or class that a package exports is mentioned in no other file. Types are left out: an
 * exported function's caller may want to name what it takes, although nobody does so yet.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findUnusedExports } from './unused/find-unused-exports.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = new Map<string, string>();
for (const folder of ['packages', 'examples', 'scripts', 'test']) {
  for (const file of await sourcesBelow(path.join(root, folder))) {
    files.set(path.relative(root, file), await readFile(file, 'utf8'));
  }
}

const unused = findUnusedExports(files);
for (const line of unused) console.error(line);
if (unused.length === 0) console.log(`${files.size} files, every export is used`);
process.exitCode = unused.length === 0 ? 0 : 1;

/** Not below node_modules, dist or hidden folders: they are large, and not ours. */
async function sourcesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await sourcesBelow(file)));
    else if (/\.(ts|mjs|astro)$/.test(entry.name)) found.push(file);
  }
  return found;
}
